package io.sendport.host.operate;

import io.sendport.api.host.TemporaryWorkspace;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.body.BodyKeyException;
import io.sendport.host.box.body.DamagedException;
import io.sendport.host.box.control.Actor;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.pipeline.SpoolWorkspace;
import io.sendport.host.pipeline.Trial;
import io.sendport.host.run.submit.SubmissionService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Takes new messages. A receipt means that the message is on disk. */
public final class Submissions {

    private static final long POLL_MILLIS = 50;
    private static final long ROUTING_MILLIS = 300;

    private final Routing routing;
    private final MessageBox box;
    private final SubmissionService submissionService;
    private final Optional<SpoolPlace> spool;

    Submissions(Routing routing, MessageBox box, SubmissionService submissionService, Optional<SpoolPlace> spool) {
        this.routing = routing;
        this.box = box;
        this.submissionService = submissionService;
        this.spool = spool;
    }

    /**
     * Temporary space for submitted content: in memory up to a megabyte, and larger content in a file. The file is deleted with the
     * workspace, and encrypted if the message box is.
     *
     * @throws IllegalStateException outside a process that runs hosts
     */
    public TemporaryWorkspace workspace() {
        return new SpoolWorkspace(
                spool.orElseThrow(() -> new IllegalStateException("this process has no spool folder")));
    }

    /**
     * Submits to the named port or group, or to all subscribers.
     *
     * @throws io.sendport.api.submit.SubmissionRefusedException when it is wrong
     * @throws io.sendport.api.submit.NotNowException when the store or port is full now
     */
    public List<Receipt> publish(Submission submission) {
        return submissionService.publish(submission);
    }

    /**
     * Submits as {@link #publish}, to try a port out: the mails go to {@code only}, in place of all recipients that the port would
     * name. The caller decides who may do that, because any address is allowed.
     */
    public List<Receipt> publishRedirected(Submission submission, MailAddress only) {
        return submissionService.publishRedirected(submission, only);
    }

    /**
     * Submits many messages, up to 128 or 8 MB of them concurrently, so that they share commits. Submits them one by one if any of
     * them could reach an ordered port.
     *
     * <p>After the first refusal no further messages are submitted; those in progress are still answered.
     *
     * @param answers receives the answer to each submitted message, in the order of {@code submissions}, on the calling thread
     * @throws InterruptedException when the thread is interrupted; messages in progress may still be stored
     */
    public void publishAll(List<Submission> submissions, Consumer<SubmissionResult> answers)
            throws InterruptedException {
        publishAll(submissions, Optional.empty(), answers);
    }

    /** As above; the mails go to {@code only}, if present, as with {@link #publishRedirected}. */
    public void publishAll(List<Submission> submissions, Optional<MailAddress> only, Consumer<SubmissionResult> answers)
            throws InterruptedException {
        Function<Submission, List<Receipt>> publish =
                each -> only.map(address -> submissionService.publishRedirected(each, address))
                        .orElseGet(() -> submissionService.publish(each));
        new ManySubmissions(publish, submissions.stream().anyMatch(this::mayReachOrderedPort))
                .submit(submissions, answers);
    }

    private boolean mayReachOrderedPort(Submission submission) {
        Routing.Port named = routing.ports().get(submission.port());
        return named == null ? routing.ports().values().stream().anyMatch(Routing.Port::ordered) : named.ordered();
    }

    /**
     * Submits a message again; the new one refers to the old.
     *
     * @param id see {@link Messages#view}
     * @throws RefusedException when the message does not exist, or its content was deleted or cannot be read and {@code again}
     *     provides none
     */
    public Receipt resubmit(String id, Resubmission again, Actor actor) {
        MessageRow row = Messages.row(box, id);
        try {
            Context old = box.queries().context(row);
            // What comes of a trial is one, too.
            return submissionService.submit(
                    again.create(row, old, box, actor, routing.promotions()),
                    Optional.of(row.id()),
                    Trial.address(old));
        } catch (BodyKeyException | DamagedException e) {
            throw new RefusedException(new Refusal.Conflict(String.valueOf(e.getMessage())), e);
        }
    }

    /**
     * Waits until a message has ended, or needs an operator.
     *
     * @return the message at that time, or after {@code timeout}
     * @throws InterruptedException when the thread is interrupted
     */
    public MessageView await(MessageId id, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        MessageRow row = Messages.row(box, id.value());
        while (!isSettled(row.state()) && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            row = Messages.row(box, id.value());
        }
        if (row.state() == MessageState.SUSPENDED) {
            // A port may route its failures, which ends the message immediately.
            TimeUnit.MILLISECONDS.sleep(ROUTING_MILLIS);
            row = Messages.row(box, id.value());
        }
        return Messages.shown(box, row);
    }

    /** Whether a message has ended, or needs an operator. */
    public static boolean isSettled(MessageState state) {
        return state.isEnd() || state == MessageState.SUSPENDED || state == MessageState.IN_DOUBT;
    }
}
