package io.sendport.host.ledger;

/** The kinds of records. */
public enum Kind {
    /** A message was stored in the box. */
    SUBMITTED,
    /** A submission used a known dedupe key. */
    DUPLICATE,
    /** No port subscribes to a message. */
    UNROUTED,
    /** A message that a feed submitted was refused permanently. */
    NOT_TAKEN,
    /** A component consumed a message; nothing is sent. */
    CONSUMED,
    /** A delivery is about to be handed to the relay. */
    ATTEMPT_STARTED,
    /** Every recipient was accepted. */
    ACCEPTED,
    /** The delivery will be retried. */
    DEFERRED,
    /** Some recipient was refused permanently. */
    REFUSED,
    /** It is unknown whether the relay accepted it. */
    IN_DOUBT,
    /** The embedded relay tried to pass a mail on to its next hop. */
    RELAYED,
    /** The message needs an operator. */
    SUSPENDED,
    /** An operator resumed it. */
    RESUMED,
    /** An operator stated the outcome. */
    RESOLVED,
    /** An operator ended it. */
    TERMINATED,
    /** An operator put it on hold: its content and rows are not deleted. */
    HELD,
    /** An operator released it from hold. */
    RELEASED,
    /** An operator read its content. */
    READ,
    /** Access was refused, a token was created or revoked, or a person viewed data that names people. */
    ACCESS,
    /** A port was started, stopped, enlisted or unenlisted. */
    PORT_STATE,
    /** A configuration became active. */
    CONFIG_LOADED,
    /** A host instance started. */
    INSTANCE_STARTED,
    /** A host instance ended, or was found dead. */
    INSTANCE_STOPPED,
    /** A backup replaced the store. */
    RESTORED,
    /** The tables of the store were upgraded. */
    MIGRATED,
    /** The database lost acknowledged commits. */
    LOST,
    /** An operator accepted the loss, and sending resumes. */
    LOSS_ACCEPTED,
    /** The store was copied to a database of another kind. */
    COPIED,
    /** The ledger was compared with an archive of the relay. */
    RECONCILED,
    /** A channel took an alert about conditions. */
    ALERTED,
    /** All heads, signed. */
    CHECKPOINT,
    /** Another key signs from now on. */
    KEY_ROTATED,
    /** A person's data were deleted. */
    ERASED,
    /** Old records were deleted. */
    PRUNED
}
