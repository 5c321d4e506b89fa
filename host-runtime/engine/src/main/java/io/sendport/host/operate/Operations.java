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
 * The operations on an open message box, in one class for each group of operations. Safe for use by several threads.
 *
 * <p>A refused operation throws {@link RefusedException}. A submission throws
 * {@link io.sendport.api.submit.SubmissionRefusedException} or {@link io.sendport.api.submit.NotNowException}, as with every submitter. An
 * operation throws {@link io.sendport.host.store.commit.StoreException} when the store is unavailable.
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

    /** Opens the message box that {@code routing} names, read-only. {@link #close} closes it. */
    public static Operations reading(Routing routing, Clock clock) {
        return open(routing, Access.READ, clock);
    }

    /** Opens the message box that {@code routing} names, for reading and writing. It must exist. {@link #close} closes it. */
    public static Operations changing(Routing routing, Clock clock) {
        return open(routing, Access.WRITE, clock);
    }

    /** As {@link #changing}, but creates the message box if it does not exist. */
    public static Operations creating(Routing routing, Clock clock) {
        return open(routing, Access.CREATE, clock);
    }

    private static Operations open(Routing routing, Access access, Clock clock) {
        MessageBox box = MessageBox.open(routing.messageBox(), access, clock);
        return new Operations(
                () -> routing, box, new SubmissionService(routing, box, ignored -> {}), Optional.empty(), true);
    }

    /**
     * Operates on a message box that the caller has opened, and must close.
     *
     * @param routing gives the current ports, which a reload may change
     * @param submissionService submits to {@code box}
     * @param spool the folder for submitted content until it is in the message box; empty if there is none
     */
    public static Operations over(
            Supplier<Routing> routing,
            MessageBox box,
            SubmissionService submissionService,
            Optional<SpoolPlace> spool) {
        return new Operations(routing, box, submissionService, spool, false);
    }

    /** Evaluates the conditions for operators. */
    public Conditions conditions() {
        return new Conditions(routing.get(), box);
    }

    /** Reports the overall status. */
    public Status status() {
        return new Status(routing.get(), box);
    }

    /** Reads the send ports, and acts on them. */
    public Ports ports() {
        return new Ports(routing.get(), box);
    }

    /** Reads messages, and acts on them. */
    public Messages messages() {
        return new Messages(routing.get(), box);
    }

    /** Acts on all messages that a filter finds. */
    public BulkOperations bulk() {
        return new BulkOperations(new Messages(routing.get(), box), box);
    }

    /** Submits messages. */
    public Submissions submissions() {
        return new Submissions(routing.get(), box, submissionService, spool);
    }

    /** Reads the outcomes of messages, for their submitters. */
    public Outcomes outcomes() {
        return new Outcomes(box);
    }

    /** Reads and verifies the audit ledger. */
    public Audit audit() {
        return new Audit(routing.get(), box);
    }

    /** Shows and replaces the signing key of the ledger. */
    public LedgerKeys ledgerKeys() {
        return new LedgerKeys(routing.get(), box);
    }

    /** Erases the data about a person. */
    public Erasing erasing() {
        return new Erasing(routing.get(), box);
    }

    /** Applies the retention of the ledger. */
    public LedgerRetention ledgerRetention() {
        return new LedgerRetention(routing.get(), box);
    }

    /** Reloads the configuration of running instances. */
    public ReloadOperations reloading() {
        return new ReloadOperations(box);
    }

    /** Sets the levels of loggers in running instances. */
    public LogLevelOperations logging() {
        return new LogLevelOperations(box);
    }

    /** Backs up the store, and accepts losses of its database. */
    public Stores stores() {
        return new Stores(routing.get(), box);
    }

    /** Records access and views of personal data. */
    public AccessLog accessLog() {
        return new AccessLog(box);
    }

    /** Masks data for users who may not see personal data. */
    public synchronized Masking masking() {
        // Create it once, because it reads the key of the pseudonyms, which does not change while a process runs.
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

    /** The clock for due times and for the times of records. */
    public Clock clock() {
        return box.clock();
    }

    /** The current ports and groups. */
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
