package io.sendport.host.condition;

import io.sendport.support.text.Text;

/** The kinds of conditions. Conditions of the same severity are shown in this order: causes before effects. */
public enum ConditionKind {
    /** The message box cannot be reached or written. */
    STORE_UNAVAILABLE(Subject.Type.STORE),
    /** The database lost commits that it had acknowledged. */
    STORE_LOST(Subject.Type.STORE),
    /** There is so little disk space that submissions are refused. */
    DISK_FULL(Subject.Type.DISK),
    /** Disk space is below twice the minimum. */
    DISK_LOW(Subject.Type.DISK),
    /** A reader prevents the write-ahead log from shrinking. */
    LOG_HELD_BACK(Subject.Type.STORE),
    /** Other users of this machine can read the folder of the message box. */
    STORE_EXPOSED(Subject.Type.STORE),
    /** The clock was changed, or is wrong. */
    CLOCK_CHANGED(Subject.Type.INSTANCE),
    /** An instance ended unexpectedly. */
    INSTANCE_DIED(Subject.Type.INSTANCE),
    /** No instance of a host runs, while messages wait for one. */
    NO_INSTANCE(Subject.Type.INSTANCE),
    /** An instance cannot renew its lease and therefore sends nothing. */
    LEASE_LAPSED(Subject.Type.INSTANCE),
    /** A host, port or periodic task of an instance fails. */
    INSTANCE_FAULT(Subject.Type.INSTANCE),
    /** The configuration on disk was rejected; the previous one stays active. */
    CONFIGURATION_REJECTED(Subject.Type.CONFIGURATION),
    /** A port does not run, because its configuration is wrong or incomplete. */
    PORT_MISCONFIGURED(Subject.Type.PORT),
    /** A channel cannot send alerts. */
    ALERTS_FAILING(Subject.Type.CHANNEL),
    /** Messages wait at a port that the configuration no longer has. */
    PORT_REMOVED(Subject.Type.PORT),
    /** Messages wait at a port that is not started. */
    PORT_STOPPED(Subject.Type.PORT),
    /** Sendport cannot connect to a relay. */
    RELAY_UNREACHABLE(Subject.Type.RELAY),
    /** A relay accepts the connection, but does not answer. */
    RELAY_SILENT(Subject.Type.RELAY),
    /** A relay answers but accepts nothing from this machine. */
    RELAY_REFUSES(Subject.Type.RELAY),
    /** A relay's certificate is not trusted, or not the one expected. */
    RELAY_CERTIFICATE_REFUSED(Subject.Type.RELAY),
    /** A relay's certificate has expired or is not valid yet. */
    RELAY_CERTIFICATE_DATES(Subject.Type.RELAY),
    /** TLS is required, and a relay does not offer it. */
    RELAY_TLS_MISSING(Subject.Type.RELAY),
    /** A port is paused, because a reply rule or its adapter asks for a rest. */
    PORT_PAUSED(Subject.Type.PORT),
    /** The embedded audit relay fails. */
    AUDIT_RELAY_FAULT(Subject.Type.RELAY),
    /** The server that issues access tokens for an account cannot be reached, or issues none. */
    TOKEN_UNAVAILABLE(Subject.Type.CREDENTIAL),
    /** A server refused the account. */
    CREDENTIAL_REFUSED(Subject.Type.CREDENTIAL),
    /** A certificate in use has expired. */
    CERTIFICATE_EXPIRED(Subject.Type.CERTIFICATE),
    /** A certificate in use expires soon. */
    CERTIFICATE_EXPIRING(Subject.Type.CERTIFICATE),
    /** A component takes unusually long. */
    COMPONENT_SLOW(Subject.Type.COMPONENT),
    /** The feeds of a host cannot be started, or fail. */
    FEED_FAILING(Subject.Type.FEED),
    /** Submissions in the outbox were refused, and stay there until an operator acts. */
    SUBMISSIONS_REFUSED(Subject.Type.FEED),
    /** A submission has been in the outbox for longer than a minute. */
    SUBMISSIONS_WAITING(Subject.Type.FEED),
    /** The ledger's checkpoint is overdue. */
    CHECKPOINT_OVERDUE(Subject.Type.LEDGER),
    /** Checkpoints wait for a time stamp. */
    TIME_STAMP_OVERDUE(Subject.Type.LEDGER),
    /** It is unknown whether a relay accepted some messages. */
    MESSAGES_IN_DOUBT(Subject.Type.PORT),
    /** Messages are suspended until an operator acts. */
    MESSAGES_SUSPENDED(Subject.Type.PORT),
    /** The first message of an ordered port needs an operator, and later messages wait for it. */
    ORDER_BLOCKED(Subject.Type.PORT),
    /** Messages are being retried, because a server deferred them. */
    MESSAGES_DEFERRED(Subject.Type.PORT),
    /** A message has waited longer than the port expects. */
    MESSAGES_LATE(Subject.Type.PORT),
    /** The port delivered fewer messages than its configuration expects. */
    PORT_SILENT(Subject.Type.PORT);

    private final Subject.Type subject;

    ConditionKind(Subject.Type subject) {
        this.subject = subject;
    }

    /** Returns the type of subject that a condition of this kind has. */
    public Subject.Type subject() {
        return subject;
    }

    /** Returns the name in JSON and metrics. */
    public String word() {
        return Text.word(this);
    }
}
