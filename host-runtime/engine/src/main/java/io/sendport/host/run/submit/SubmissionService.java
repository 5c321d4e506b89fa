package io.sendport.host.run.submit;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.MediaType;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.settings.ByteSize;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.api.submit.Submitter;
import io.sendport.config.Routing;
import io.sendport.config.port.PortState;
import io.sendport.config.port.SendPortGroup;
import io.sendport.host.box.Acknowledgement;
import io.sendport.host.box.JointWrite;
import io.sendport.host.box.KeyTakenException;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.NewMessage;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.pipeline.Promotions;
import io.sendport.host.pipeline.Trial;
import io.sendport.host.run.FailedMessages;
import io.sendport.host.store.commit.StoreException;
import io.sendport.host.trace.SubmissionSpans;
import io.sendport.host.trace.Tracing;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes submissions: checks and routes them, promotes properties, and stores the messages. Safe for use by several threads. */
public final class SubmissionService implements Submitter {

    private static final Logger LOG = LoggerFactory.getLogger(SubmissionService.class);
    private static final int MAX_PARTS = 1_000;

    private volatile Routing routing;
    private final MessageBox box;
    private volatile Promotions promotions;
    private final Clock clock;
    private final Consumer<String> wake;
    private volatile boolean subscribed;
    private final Quotas quotas;
    private final Tracing tracing;

    /** Stores messages in {@code box}. {@code wake} receives the name of the port for each new message. */
    public SubmissionService(Routing routing, MessageBox box, Consumer<String> wake) {
        this(routing, box, wake, Tracing.OFF);
    }

    /** As above, with spans of {@code tracing}. */
    public SubmissionService(Routing routing, MessageBox box, Consumer<String> wake, Tracing tracing) {
        this.tracing = tracing;
        this.routing = routing;
        this.box = box;
        this.quotas = new Quotas(box);
        this.promotions = new Promotions(routing.promotions());
        this.clock = box.clock();
        this.wake = wake;
        this.subscribed = !routing.subscribers().isEmpty();
        box.retention().applySettings(routing);
    }

    /** Applies a changed configuration of ports, groups and promotions. */
    public void follow(Routing changed) {
        promotions = new Promotions(changed.promotions());
        routing = changed;
        subscribed = !changed.subscribers().isEmpty();
        box.retention().applySettings(changed);
    }

    @Override
    public Receipt submit(Submission submission) {
        return submit(submission, Optional.empty(), Optional.empty());
    }

    /**
     * As {@link #submit(Submission)}, for a message that is resubmitted.
     *
     * @param source the message that is resubmitted; empty for a new message
     * @param only the address that gets the mails in place of all recipients; empty for the recipients of the port
     */
    public Receipt submit(Submission submission, Optional<MessageId> source, Optional<MailAddress> only) {
        Routing.Port port = routing.ports().get(submission.port());
        if (port == null) {
            throw new SubmissionRefusedException("unknown send port \"" + submission.port() + "\"; expected one of "
                    + routing.ports().keySet());
        }
        return convertStoreFailures(() -> put(submission, List.of(port), promote(submission, only), source))
                .get(0);
    }

    @Override
    public List<Receipt> publish(Submission submission) {
        return publishTogether(List.of(submission));
    }

    /** As {@link #publish}, but the mails go to {@code only} in place of all recipients. */
    public List<Receipt> publishRedirected(Submission submission, MailAddress only) {
        Trial.requireNoKey(submission, portPrefix(submission));
        return convertStoreFailures(
                () -> store(messagesFor(submission, MessageId.random(), Optional.of(only)), submission));
    }

    /** Creates a submitter for feeds. It records refusals on the ledger, because nobody waits for the answer. */
    public FeedSubmitter forFeeds() {
        return new FeedSubmitter(this, box.ledger());
    }

    /** As {@link #publish}, for several submissions. Stores all of them in one commit, or none. */
    List<Receipt> publishTogether(List<Submission> submissions) {
        return convertStoreFailures(() -> {
            List<NewMessage> messages = new ArrayList<>();
            submissions.forEach(each -> messages.addAll(messagesFor(each, MessageId.random())));
            return store(messages, submissions.get(0));
        });
    }

    /** Stores messages in one commit with {@code joint}, and wakes their ports. */
    List<Receipt> store(List<NewMessage> messages, JointWrite joint) throws IOException {
        List<Receipt> receipts;
        try (SubmissionSpans spans = tracing.beginSubmit(messages)) {
            receipts = box.inbox().put(spans.messages(), joint);
            spans.markStored(receipts);
        }
        messages.forEach(each -> wake.accept(each.port()));
        return receipts;
    }

    /** The routing of the current configuration. */
    Routing routing() {
        return routing;
    }

    private List<Receipt> convertStoreFailures(Supplier<List<Receipt>> act) {
        try {
            return act.get();
        } catch (StoreException e) {
            throw new NotNowException(describeNotStored(e), e);
        }
    }

    private String describeNotStored(StoreException failure) {
        boolean isUnknown = box.store().fault().isPresent() || failure.reason() == StoreException.Reason.UNDECIDED;
        return isUnknown
                ? "it is unknown whether the message was stored (" + failure.getMessage()
                        + "). Look for it before you submit it again, or submit it again with the same dedupe key"
                : "not submitted: " + failure.getMessage();
    }

    /**
     * Creates a message for each port to which the submission goes.
     *
     * @param firstId the id of the first message
     */
    List<NewMessage> messagesFor(Submission submission, MessageId firstId) {
        return messagesFor(submission, firstId, Optional.empty());
    }

    private List<NewMessage> messagesFor(Submission submission, MessageId firstId, Optional<MailAddress> only) {
        Routing.Port port = routing.ports().get(submission.port());
        if (port != null) {
            return messages(submission, List.of(port), promote(submission, only), Optional.empty(), firstId);
        }
        SendPortGroup group = routing.groups().get(submission.port());
        if (group == null && !submission.port().isEmpty()) {
            throw new SubmissionRefusedException("unknown send port or group \"" + submission.port()
                    + "\"; expected one of " + routing.ports().keySet()
                    + (routing.groups().isEmpty()
                            ? ""
                            : " or " + routing.groups().keySet()));
        }
        Promotions.Promoted promoted = promote(submission, only);
        List<Routing.Port> ports = enlisted(group == null ? subscribers(promoted.context()) : group.members());
        if (ports.isEmpty()) {
            throw unrouted(submission, promoted, group);
        }
        return messages(submission, ports, promoted, Optional.empty(), firstId);
    }

    /** Implements {@link FailedMessages#route}. The copies have the properties of the message and of the report. */
    public List<Receipt> publishFailed(Message failed, Context report) {
        List<Routing.Port> ports = enlisted(subscribers(report));
        if (ports.isEmpty()) {
            return List.of();
        }
        Context context = failed.context();
        for (Map.Entry<String, Object> each : report.asMap().entrySet()) {
            context = context.with(each.getKey(), each.getValue());
        }
        // The dedupe key prevents duplicate copies if the process dies before the message has ended.
        Submission submission = new Submission(
                "", context, failed.parts(), Optional.of("failed " + failed.id()), "failed message routing");
        return put(submission, ports, new Promotions.Promoted(context, Map.of()), Optional.of(failed.id()));
    }

    /** Whether any port or group has a subscription. Otherwise no acknowledgement needs to be created. */
    public boolean hasSubscribers() {
        return subscribed;
    }

    /** Creates the acknowledgement of a message for each subscribing port. Acknowledgements and trials are not acknowledged. */
    public List<NewMessage> acknowledgements(Acknowledgement outcome) {
        boolean isAcknowledgement =
                outcome.original().get(MessageProperties.ACK_TYPE).isPresent();
        // Only the address of a trial may get its result.
        if (isAcknowledgement || Trial.isTrial(outcome.original())) {
            return List.of();
        }
        AcknowledgementMessage notice = AcknowledgementMessage.of(outcome);
        List<NewMessage> messages = new ArrayList<>();
        Submission submission =
                new Submission("", notice.context(), List.of(notice.part()), Optional.empty(), "acknowledgement");
        Promotions.Promoted promoted = new Promotions.Promoted(notice.context(), Map.of());
        for (Routing.Port port : enlisted(subscribers(notice.context()))) {
            try {
                messages.add(message(
                        submission, port, promoted, Optional.of(outcome.row().id()), outcome.at(), MessageId.random()));
            } catch (SubmissionRefusedException e) {
                LOG.error(
                        "message {}: port {} gets no acknowledgement: {}",
                        outcome.row().id(),
                        port.name(),
                        e.getMessage());
            }
        }
        return messages;
    }

    private static NewMessage message(
            Submission submission,
            Routing.Port port,
            Promotions.Promoted promoted,
            Optional<MessageId> source,
            Instant now,
            MessageId id) {
        return new NewMessage(
                id,
                port.name(),
                port.host(),
                port.application(),
                now,
                DynamicAddress.of(port.name(), port.dynamic(), promoted.context())
                        .with(MessageProperties.MESSAGE_ID, id.value()),
                submission.parts(),
                submission.dedupeKey(),
                submission.actor(),
                promoted.audited(),
                source);
    }

    private Promotions.Promoted promote(Submission submission, Optional<MailAddress> only) {
        if (submission.parts().isEmpty() || submission.parts().size() > MAX_PARTS) {
            throw new SubmissionRefusedException(portPrefix(submission) + "the submission has "
                    + submission.parts().size() + " parts; expected 1 to " + MAX_PARTS);
        }
        for (Part part : submission.parts()) {
            if (!part.contentType().isEmpty() && !MediaType.isWellFormed(part.contentType())) {
                throw new SubmissionRefusedException(portPrefix(submission) + "part " + Text.printable(part.name())
                        + ": the content type \"" + Text.printable(part.contentType())
                        + "\" is not well-formed; expected one such as text/plain; charset=utf-8");
            }
        }
        quotas.requireRoom(routing.messageBox());
        try {
            Promotions.Promoted promoted = promotions.promote(
                    submission.context(), submission.parts().get(0).body());
            return Trial.applied(promoted, only, portPrefix(submission));
        } catch (IOException e) {
            throw unreadable(submission, e);
        }
    }

    /** The names of the ports that subscribe to the message, directly or as members of a group, each once. */
    private Set<String> subscribers(Context context) {
        Set<String> names = new LinkedHashSet<>();
        for (Routing.Port port : routing.ports().values()) {
            if (port.subscription().filter(each -> each.wants(context)).isPresent()) {
                names.add(port.name());
            }
        }
        for (SendPortGroup group : routing.groups().values()) {
            if (group.subscription().filter(each -> each.wants(context)).isPresent()) {
                names.addAll(group.members());
            }
        }
        return names;
    }

    private List<Routing.Port> enlisted(Collection<String> names) {
        return names.stream()
                .flatMap(name -> Optional.ofNullable(routing.ports().get(name)).stream())
                .filter(port -> quotas.state(port, routing.messageBox()) != PortState.UNENLISTED)
                .toList();
    }

    private UnroutedException unrouted(
            Submission submission, Promotions.Promoted promoted, @Nullable SendPortGroup group) {
        String why = group == null
                ? "no port subscribes to this message, which has the properties "
                        + promoted.context().asMap().keySet()
                : "every member of group " + group.name() + " is unenlisted";
        box.ledger()
                .record(Entry.of(Kind.UNROUTED)
                        .detail("actor", submission.actor())
                        .detail("detail", why)
                        .detail("properties", promoted.audited()));
        return new UnroutedException(why);
    }

    private List<Receipt> put(
            Submission submission, List<Routing.Port> ports, Promotions.Promoted promoted, Optional<MessageId> source) {
        return store(messages(submission, ports, promoted, source, MessageId.random()), submission);
    }

    private List<NewMessage> messages(
            Submission submission,
            List<Routing.Port> ports,
            Promotions.Promoted promoted,
            Optional<MessageId> source,
            MessageId firstId) {
        ports.forEach(port -> check(submission, port));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<NewMessage> messages = new ArrayList<>();
        for (Routing.Port port : ports) {
            MessageId id = messages.isEmpty() ? firstId : MessageId.random();
            messages.add(message(submission, port, promoted, source, now, id));
        }
        return messages;
    }

    private List<Receipt> store(List<NewMessage> messages, Submission submission) {
        try {
            return store(messages, JointWrite.NONE);
        } catch (IOException e) {
            throw unreadable(submission, e);
        } catch (KeyTakenException e) {
            throw new SubmissionRefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static SubmissionRefusedException unreadable(Submission submission, IOException e) {
        return new SubmissionRefusedException(
                portPrefix(submission) + "cannot read a part of the message: " + e.getMessage(), e);
    }

    private static String portPrefix(Submission submission) {
        return submission.port().isEmpty() ? "" : "port " + submission.port() + ": ";
    }

    private void check(Submission submission, Routing.Port port) {
        long size = submission.size();
        if (size > port.limits().maxMessageSize()) {
            throw new SubmissionRefusedException("port " + port.name() + ": a message may have at most "
                    + ByteSize.format(port.limits().maxMessageSize()) + "; this one has " + ByteSize.format(size)
                    + "; <limits maxMessageSize> sets the limit");
        }
        submission
                .dedupeKey()
                .filter(key -> key.isEmpty() || key.length() > Submission.LONGEST_KEY)
                .ifPresent(key -> {
                    throw new SubmissionRefusedException("port " + port.name() + ": the dedupe key has " + key.length()
                            + " characters; expected 1 to " + Submission.LONGEST_KEY);
                });
        quotas.requireRoom(port, size, routing.messageBox());
        if (quotas.state(port, routing.messageBox()) == PortState.UNENLISTED) {
            throw new SubmissionRefusedException("port " + port.name()
                    + " is unenlisted and takes no messages; to enlist it: sendport ports enlist \"" + port.name()
                    + "\"");
        }
    }
}
