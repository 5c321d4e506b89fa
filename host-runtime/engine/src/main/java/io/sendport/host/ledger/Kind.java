package io.sendport.host.ledger;

/** What a record tells. */
public enum Kind {
    /** A message is in the box. */
    SUBMITTED,
    /** A submission had a dedupe key seen before. */
    DUPLICATE,
    /** Nobody subscribes to a message. */
    UNROUTED,
    /** A message that a feed submitted was refused permanently. */
    NOT_TAKEN,
    /** A component took a message; nothing is sent. */
    CONSUMED,
    /** A delivery is about to be handed to the relay. */
    ATTEMPT_STARTED,
    /** Every recipient was accepted. */
    ACCEPTED,
    /** The delivery will be tried again. */
    DEFERRED,
    /** Some recipient was refused for good. */
    REFUSED,
    /** Nobody knows whether the relay took it. */
    IN_DOUBT,
    /** The embedded relay tried to pass a mail on to its next hop. */
    RELAYED,
    /** The message needs a person. */
    SUSPENDED,
    /** A person let it go on. */
    RESUMED,
    /** A person said what came of it. */
    RESOLVED,
    /** A person ended it. */
    TERMINATED,
    /** A person read its content. */
    READ,
    /** Somebody was refused access, a token was made or withdrawn, or somebody looked at what names people. */
    ACCESS,
    /** A port was started, stopped, enlisted or unenlisted. */
    PORT_STATE,
    /** A configuration came into force. */
    CONFIG_LOADED,
    /** A host instance began. */
    INSTANCE_STARTED,
    /** A host instance ended, or was found dead. */
    INSTANCE_STOPPED,
    /** A backup took the place of the store. */
    RESTORED,
    /** The tables of the store were brought to a newer version. */
    MIGRATED,
    /** The database lost what it had acknowledged. */
    LOST,
    /** A person accepted that, and sending goes on. */
    LOSS_ACCEPTED,
    /** The store was moved to a database of another kind. */
    COPIED,
    /** All heads, signed. */
    CHECKPOINT,
    /** Another key signs from now on. */
    KEY_ROTATED,
    /** A person's data were deleted. */
    ERASED,
    /** Old records were deleted. */
    PRUNED
}
