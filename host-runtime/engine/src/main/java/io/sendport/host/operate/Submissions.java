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

/** Submits messages. A receipt means that the message is on disk. Safe for use by several threads. */
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
     * Creates temporary space for submitted content: in memory up to 1 MB, and in a file for larger content. The file is encrypted if the
     * message box is. Closing the workspace deletes the file.
     *
     * @throws IllegalStateException in a process that runs no hosts
     */
    public TemporaryWorkspace workspace() {
        return new SpoolWorkspace(
                spool.orElseThrow(() -> new IllegalStateException("this process has no spool folder")));
    }

    /**
     * Submits to the named port or group, or to all subscribers.
     *
     * @throws io.sendport.api.submit.SubmissionRefusedException when the submission is refused permanently
     * @throws io.sendport.api.submit.NotNowException when the store is unavailable, or the store or a port has no room now
     */
    public List<Receipt> publish(Submission submission) {
        return submissionService.publish(submission);
    }

    /**
     * Submits as {@link #publish}, but as a trial: the mails go to {@code only} in place of all recipients. Any address is allowed, so the
     * caller must check who may do this.
     */
    public List<Receipt> publishRedirected(Submission submission, MailAddress only) {
        return submissionService.publishRedirected(submission, only);
    }

    /**
     * Submits many messages concurrently, up to 128 messages or 8 MB at once, so that they share commits. Submits them one by one if a
     * message may reach an ordered port.
     *
     * <p>Submits no further messages after the first that was not stored. Submissions in progress are still answered.
     *
     * @param answers receives the answer to each submitted message, in the order of {@code submissions}, on the calling thread
     * @throws InterruptedException when the thread is interrupted; messages in progress may still be stored
     */
    public void publishAll(List<Submission> submissions, Consumer<SubmissionResult> answers)
            throws InterruptedException {
        publishAll(submissions, Optional.empty(), answers);
    }

    /** As above. If {@code only} is present, the mails go to this address, as with {@link #publishRedirected}. */
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
     * Resubmits a message. The new message refers to the old message.
     *
     * @param id see {@link Messages#view}
     * @throws RefusedException when the message does not exist, its content was deleted and {@code again} has no body, or its content
     *     cannot be read
     */
    public Receipt resubmit(String id, Resubmission again, Actor actor) {
        MessageRow row = Messages.row(box, id);
        try {
            Context old = box.queries().context(row);
            // A message that is resubmitted from a trial is also a trial, with the same address.
            return submissionService.submit(
                    again.create(row, old, box, actor, routing.promotions()),
                    Optional.of(row.id()),
                    Trial.address(old));
        } catch (BodyKeyException | DamagedException e) {
            throw new RefusedException(new Refusal.Conflict(String.valueOf(e.getMessage())), e);
        }
    }

    /**
     * Waits until a message has ended or needs an operator, at most {@code timeout}.
     *
     * @return the message at that time
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
            // The port may route failed messages, which ends the message soon after it is suspended.
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
