package io.sendport.host.ledger;

/** The kinds of records. */
public enum Kind {
    /** A submission became a message in the message box. */
    SUBMITTED,
    /** A submission had the dedupe key of an earlier submission. */
    DUPLICATE,
    /** No port subscribes to a submission. */
    UNROUTED,
    /** A submission from a feed or from the outbox was refused permanently. */
    NOT_TAKEN,
    /** A component consumed a message. Nothing is sent. */
    CONSUMED,
    /** An attempt to hand over a delivery is about to start. */
    ATTEMPT_STARTED,
    /** The relay accepted the delivery for every recipient. */
    ACCEPTED,
    /** The delivery will be retried. */
    DEFERRED,
    /** The relay refused at least one recipient permanently. */
    REFUSED,
    /** It is unknown whether the relay accepted the delivery. */
    IN_DOUBT,
    /** The embedded audit relay tried to send a mail to its next hop. */
    RELAYED,
    /** A message was suspended: it waits for an operator. */
    SUSPENDED,
    /** An operator resumed a message. */
    RESUMED,
    /** An operator resolved a message: the operator stated its outcome. */
    RESOLVED,
    /** An operator terminated a message. */
    TERMINATED,
    /** An operator put a message on hold. Retention and erasure do not delete its content and rows. */
    HELD,
    /** An operator released a message from hold. */
    RELEASED,
    /** An operator read the content of a message. */
    READ,
    /** Access was refused, a token was created or revoked, or a person viewed data that names people. */
    ACCESS,
    /** A port was started, stopped, enlisted or unenlisted. */
    PORT_STATE,
    /** A configuration became active. */
    CONFIG_LOADED,
    /** A host instance started. */
    INSTANCE_STARTED,
    /** A host instance stopped, or another process found that it had died. */
    INSTANCE_STOPPED,
    /** A backup replaced the store. */
    RESTORED,
    /** The tables of the store were upgraded. */
    MIGRATED,
    /** The database lost commits that it had acknowledged. */
    LOST,
    /** An operator accepted the loss of commits. Sending resumes. */
    LOSS_ACCEPTED,
    /** The store was copied to a database of another kind. */
    COPIED,
    /** The ledger was compared with an archive of the relay. */
    RECONCILED,
    /** A channel accepted an alert. */
    ALERTED,
    /** A checkpoint was signed: a statement that names the last record of each lane. */
    CHECKPOINT,
    /** The ledger's key signed that another key replaces it. */
    KEY_ROTATED,
    /** The private parts of records about a person were deleted. */
    ERASED,
    /** Retention deleted the oldest records. */
    PRUNED
}
