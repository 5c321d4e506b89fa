package io.sendport.host.condition;

import io.sendport.support.text.Text;

/** What conditions there are. In the order in which they are shown among those of one severity: causes before what follows from them. */
public enum ConditionKind {
    /** The message box can't be reached or written. */
    STORE_UNAVAILABLE(Subject.Type.STORE),
    /** The database lost commits that it had acknowledged. */
    STORE_LOST(Subject.Type.STORE),
    /** There is so little disk space that submissions are refused. */
    DISK_FULL(Subject.Type.DISK),
    /** Disk space is below twice the least. */
    DISK_LOW(Subject.Type.DISK),
    /** A reader keeps the write-ahead log from shrinking. */
    LOG_HELD_BACK(Subject.Type.STORE),
    /** Others on this machine can read the folder of the message box. */
    STORE_EXPOSED(Subject.Type.STORE),
    /** The clock was changed, or is wrong. */
    CLOCK_CHANGED(Subject.Type.INSTANCE),
    /** An instance ended without saying so. */
    INSTANCE_DIED(Subject.Type.INSTANCE),
    /** No instance of a host runs, and messages wait for one. */
    NO_INSTANCE(Subject.Type.INSTANCE),
    /** An instance can't renew its lease and so sends nothing. */
    LEASE_LAPSED(Subject.Type.INSTANCE),
    /** A host, port or periodic task of an instance does not do its work. */
    INSTANCE_FAULT(Subject.Type.INSTANCE),
    /** The configuration on disk was rejected; the one before stays active. */
    CONFIGURATION_REJECTED(Subject.Type.CONFIGURATION),
    /** A port does not run, because its configuration is wrong or incomplete. */
    PORT_MISCONFIGURED(Subject.Type.PORT),
    /** Messages wait at a port that the configuration no longer has. */
    PORT_REMOVED(Subject.Type.PORT),
    /** Messages wait at a port that is not started. */
    PORT_STOPPED(Subject.Type.PORT),
    /** No connection to a relay comes about. */
    RELAY_UNREACHABLE(Subject.Type.RELAY),
    /** A relay is connected and gives no answer. */
    RELAY_SILENT(Subject.Type.RELAY),
    /** A relay answers and takes nothing from this machine. */
    RELAY_REFUSES(Subject.Type.RELAY),
    /** A relay's certificate is not trusted, or not the one expected. */
    RELAY_CERTIFICATE_REFUSED(Subject.Type.RELAY),
    /** A relay's certificate has expired or is not valid yet. */
    RELAY_CERTIFICATE_DATES(Subject.Type.RELAY),
    /** TLS is required, and a relay does not give it. */
    RELAY_TLS_MISSING(Subject.Type.RELAY),
    /** A port rests, because a reply rule or its adapter asks for it. */
    PORT_PAUSED(Subject.Type.PORT),
    /** The embedded audit relay can't do its work. */
    AUDIT_RELAY_FAULT(Subject.Type.RELAY),
    /** The server that issues access tokens for an account can't be reached, or gives none. */
    TOKEN_UNAVAILABLE(Subject.Type.CREDENTIAL),
    /** A server refused the account. */
    CREDENTIAL_REFUSED(Subject.Type.CREDENTIAL),
    /** A certificate in use has expired. */
    CERTIFICATE_EXPIRED(Subject.Type.CERTIFICATE),
    /** A certificate in use expires soon. */
    CERTIFICATE_EXPIRING(Subject.Type.CERTIFICATE),
    /** A component takes unusually long. */
    COMPONENT_SLOW(Subject.Type.COMPONENT),
    /** The feeds of a host can't be started, or fail. */
    FEED_FAILING(Subject.Type.FEED),
    /** Submissions in the outbox were refused, and stay there until somebody acts. */
    SUBMISSIONS_REFUSED(Subject.Type.FEED),
    /** A submission has been in the outbox for longer than a minute. */
    SUBMISSIONS_WAITING(Subject.Type.FEED),
    /** The ledger's checkpoint is overdue. */
    CHECKPOINT_OVERDUE(Subject.Type.LEDGER),
    /** Checkpoints wait for a time stamp. */
    TIME_STAMP_OVERDUE(Subject.Type.LEDGER),
    /** Nobody knows whether a relay has some messages. */
    MESSAGES_IN_DOUBT(Subject.Type.PORT),
    /** Messages are suspended until an operator acts. */
    MESSAGES_SUSPENDED(Subject.Type.PORT),
    /** The message at the front of an ordered port needs an operator, and those behind it wait. */
    ORDER_BLOCKED(Subject.Type.PORT),
    /** Messages are tried again, because a server deferred them. */
    MESSAGES_DEFERRED(Subject.Type.PORT),
    /** A message waits for longer than the port expects. */
    MESSAGES_LATE(Subject.Type.PORT),
    /** Fewer messages came than the port expects. */
    PORT_SILENT(Subject.Type.PORT);

    private final Subject.Type subject;

    ConditionKind(Subject.Type subject) {
        this.subject = subject;
    }

    /** What such a condition is about. */
    public Subject.Type subject() {
        return subject;
    }

    /** As users read it, in JSON and metrics. */
    public String word() {
        return Text.word(this);
    }
}
