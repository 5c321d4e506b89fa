package io.sendport.host.operate;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Instances;
import io.sendport.host.box.control.Sessions;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.commit.Access;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operations on an open message box. Each group of verbs is a separate class. Safe for use by several threads.
 *
 * <p>A refused operation throws {@link RefusedException}. Submitting throws
 * {@link io.sendport.api.submit.SubmissionRefusedException} and {@link io.sendport.api.submit.NotNowException}, as for every
 * submitter. An unavailable store causes a {@link io.sendport.host.store.commit.StoreException}.
 */
public final class Operations implements AutoCloseable {

    private final Supplier<Routing> routing;
    private final MessageBox box;
    private final SubmissionService submissionService;
    private final Optional<SpoolPlace> spool;
    private final boolean isOwner;
    private @Nullable Masking masking;

    private Operations(
            Supplier<Routing> routing,
            MessageBox box,
            SubmissionService submissionService,
            Optional<SpoolPlace> spool,
            boolean isOwner) {
        this.routing = routing;
        this.box = box;
        this.submissionService = submissionService;
        this.spool = spool;
        this.isOwner = isOwner;
    }

    /** Opens the message box that {@code routing} names, read-only. Closing this object closes it. */
    public static Operations reading(Routing routing, Clock clock) {
        return open(routing, Access.READ, clock);
    }

    /** Opens the message box that {@code routing} names, which must exist. Closing this object closes it. */
    public static Operations changing(Routing routing, Clock clock) {
        return open(routing, Access.WRITE, clock);
    }

    /** As {@link #changing}; creates the message box if it does not exist. */
    public static Operations creating(Routing routing, Clock clock) {
        return open(routing, Access.CREATE, clock);
    }

    private static Operations open(Routing routing, Access access, Clock clock) {
        MessageBox box = MessageBox.open(routing.messageBox(), access, clock);
        return new Operations(
                () -> routing, box, new SubmissionService(routing, box, ignored -> {}), Optional.empty(), true);
    }

    /**
     * Uses a message box that the caller opened and closes.
     *
     * @param routing ports that may change by a reload
     * @param submissionService takes messages there
     * @param spool for submitted content until it is in the message box
     */
    public static Operations over(
            Supplier<Routing> routing,
            MessageBox box,
            SubmissionService submissionService,
            Optional<SpoolPlace> spool) {
        return new Operations(routing, box, submissionService, spool, false);
    }

    /** The conditions for operators. */
    public Conditions conditions() {
        return new Conditions(routing.get(), box);
    }

    /** The overall status. */
    public Status status() {
        return new Status(routing.get(), box);
    }

    /** The send ports. */
    public Ports ports() {
        return new Ports(routing.get(), box);
    }

    /** The messages. */
    public Messages messages() {
        return new Messages(routing.get(), box);
    }

    /** Acts on all messages that a filter finds. */
    public BulkOperations bulk() {
        return new BulkOperations(new Messages(routing.get(), box), box);
    }

    /** New messages. */
    public Submissions submissions() {
        return new Submissions(routing.get(), box, submissionService, spool);
    }

    /** What became of messages, for those who submitted them. */
    public Outcomes outcomes() {
        return new Outcomes(box);
    }

    /** The audit ledger. */
    public Audit audit() {
        return new Audit(routing.get(), box);
    }

    /** The signing key of the ledger. */
    public LedgerKeys ledgerKeys() {
        return new LedgerKeys(routing.get(), box);
    }

    /** The data about a person. */
    public Erasing erasing() {
        return new Erasing(routing.get(), box);
    }

    /** The retention of the ledger. */
    public LedgerRetention ledgerRetention() {
        return new LedgerRetention(routing.get(), box);
    }

    /** Configurations of running instances. */
    public ReloadOperations reloading() {
        return new ReloadOperations(box);
    }

    /** Levels of loggers in running instances. */
    public LogLevelOperations logging() {
        return new LogLevelOperations(box);
    }

    /** Losses of the database, and backups of it. */
    public Stores stores() {
        return new Stores(routing.get(), box);
    }

    /** Access and views of personal data. */
    public AccessLog accessLog() {
        return new AccessLog(box);
    }

    /** Masks data for users who may not see personal data. */
    public synchronized Masking masking() {
        // Created once: it reads the key of pseudonyms, which stays the same while a process runs.
        Masking known = masking;
        if (known == null) {
            known = new Masking(routing.get());
            masking = known;
        }
        return known;
    }

    /** The names of the running host instances. */
    public List<String> instances() {
        return box.instances().alive().stream()
                .map(Instances.Instance::id)
                .sorted()
                .toList();
    }

    /** The log-on sessions of the console. */
    public Sessions sessions() {
        return box.sessions();
    }

    /** The clock for due times and dates of records. */
    public Clock clock() {
        return box.clock();
    }

    /** Ports and groups as they are configured now. */
    public Routing routing() {
        return routing.get();
    }

    @Override
    public void close() {
        if (isOwner) {
            box.close();
        }
    }
}
