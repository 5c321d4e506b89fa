package io.sendport.host.pipeline;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.component.AssembleScope;
import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.Encoder;
import io.sendport.api.component.MailSigner;
import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.component.Stage;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.Envelope;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.Mail;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Mailbox;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Workspace;
import io.sendport.api.settings.Settings;
import io.sendport.support.EncodedWords;
import io.sendport.support.Stylesheet;
import io.sendport.support.TransformLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a pipeline for one message. For one thread. */
final class MessagePass {

    private static final Logger LOG = LoggerFactory.getLogger(MessagePass.class);

    private final PipelineSteps steps;
    private final Message submitted;
    private final Workspace workspace;
    private final StepListener listener;
    private final List<Timing> timings = new ArrayList<>();
    private final Map<String, String> facts = new TreeMap<>();
    private final Map<Integer, Map<String, String>> factsByDelivery = new TreeMap<>();
    private final List<String> leftOut = new ArrayList<>();

    MessagePass(PipelineSteps steps, Message submitted, Workspace workspace, StepListener listener) {
        this.steps = steps;
        this.submitted = submitted;
        this.workspace = workspace;
        this.listener = listener;
    }

    PipelineResult run() throws PipelineException {
        Message message = mapped();
        MessageScope scope = new Scope();
        for (PipelineSteps.Step<MessageComponent> step : steps.preAssemble) {
            Message current = message;
            Optional<Message> next = timed(step, () -> step.component().process(current, scope));
            if (next.isEmpty()) {
                return new PipelineResult.Consumed(step.name(), timings);
            }
            message = next.get();
        }
        Message last = message;
        Mail mail = timed(steps.assemble, () -> steps.assemble.component().assemble(last, new Assembling(last)));
        if (steps.allowed.exist()) {
            timed(steps.assemble.stage(), "domains", () -> steps.allowed.require(mail.envelope()));
        }
        requireRedirectable();
        Envelope envelope = redirected(mail.envelope());
        mail.header().first("Subject").ifPresent(subject -> facts.put("subject", EncodedWords.decoded(subject)));
        List<Delivery> deliveries = new ArrayList<>();
        List<PipelineException> failures = new ArrayList<>();
        for (List<MailAddress> recipients : groups(envelope)) {
            try {
                delivery(mail, envelope, recipients, deliveries.size() + 1).ifPresent(deliveries::add);
            } catch (PipelineException e) {
                // Try the other deliveries too, so that all problems are reported at once.
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw PipelineException.of(failures);
        }
        if (deliveries.isEmpty()) {
            throw new PipelineException(
                    steps.port.pipeline().name(),
                    Stage.ENCODE.element(),
                    "recipients",
                    new IllegalStateException("no recipient is left: " + String.join("; ", leftOut)),
                    timings);
        }
        // Record with the first delivery all recipients that were left out.
        if (!leftOut.isEmpty()) {
            factsByDelivery
                    .computeIfAbsent(deliveries.get(0).number(), number -> new TreeMap<>())
                    .put("leftOut", String.join("; ", leftOut));
        }
        if (steps.auditorCopy != null) {
            String sha256 = timed(
                    Stage.ENCODE,
                    "auditor's copy",
                    () -> steps.auditorCopy.keep(
                            submitted.id(),
                            steps.encode.isEmpty()
                                    ? deliveries.get(0).mail()
                                    : Seal.of(mail.header(), mail.entity()).bytes(),
                            steps.deterministic));
            factsByDelivery.values().forEach(own -> own.put("auditorCopy", sha256));
        }
        return new PipelineResult.Sealed(deliveries, factsByDelivery, timings);
    }

    private Message mapped() throws PipelineException {
        Map.Entry<Stylesheet, TransformLimits> map = steps.maps.get(
                submitted.context().get(MessageProperties.MESSAGE_TYPE).orElse(""));
        if (map == null) {
            return submitted;
        }
        Stylesheet stylesheet = map.getKey();
        TransformLimits limits = map.getValue();
        return timed(Stage.PRE_ASSEMBLE, "map", Optional.of(limits.time()), () -> {
            Body body = stylesheet.transform(submitted.bodyPart().body(), workspace, limits);
            return submitted.withBodyPart(
                    submitted.bodyPart().withBody(body).withContentType(stylesheet.contentType()));
        });
    }

    /** Refuses a redirected message at a port that sends through Camel, because the endpoint chooses the recipients. */
    private void requireRedirectable() throws PipelineException {
        if (!Trial.isTrial(submitted.context())) {
            return;
        }
        boolean isOfCamel = Stream.of(
                        Stream.of(steps.port.transport()),
                        steps.port.standbys().stream(),
                        steps.port.backup().stream().map(backup -> backup.transport()))
                .flatMap(each -> each)
                .anyMatch(transport -> transport.element().equals("camel"));
        if (isOfCamel) {
            throw new PipelineException(
                    steps.port.pipeline().name(),
                    Stage.ENCODE.element(),
                    "redirect",
                    new IllegalStateException("port " + steps.port.name()
                            + " sends through Camel, whose endpoint chooses the recipients, so a test message cannot be"
                            + " redirected, and nothing was sent. Terminate this message"),
                    timings);
        }
    }

    private Envelope redirected(Envelope envelope) {
        // Read the address from the submitted message: components change only their own copy of the properties.
        return steps.redirectTo
                .or(() -> Trial.address(submitted.context()))
                .map(address -> {
                    facts.put(
                            "redirectedFrom",
                            String.join(
                                    ", ",
                                    envelope.everyone().stream()
                                            .map(MailAddress::toString)
                                            .toList()));
                    return new Envelope(envelope.sender(), List.of(address), List.of(), envelope.handling());
                })
                .orElse(envelope);
    }

    /**
     * Groups the recipients; each group shares a delivery. If the encoding reveals the recipients, each Bcc recipient gets a separate
     * delivery.
     */
    private List<List<MailAddress>> groups(Envelope envelope) {
        List<List<MailAddress>> groups = new ArrayList<>();
        if (steps.encode.stream().anyMatch(step -> step.component().namesRecipients())) {
            groups.addAll(chunks(envelope.recipients()));
            envelope.blind().forEach(address -> groups.add(List.of(address)));
        } else {
            groups.addAll(chunks(envelope.everyone()));
        }
        return groups;
    }

    private List<List<MailAddress>> chunks(List<MailAddress> addresses) {
        List<List<MailAddress>> chunks = new ArrayList<>();
        for (int from = 0; from < addresses.size(); from += steps.maxRecipients) {
            chunks.add(addresses.subList(from, Math.min(addresses.size(), from + steps.maxRecipients)));
        }
        return chunks;
    }

    /** Encodes and seals one delivery; empty when all its recipients were left out. */
    private Optional<Delivery> delivery(Mail mail, Envelope envelope, List<MailAddress> recipients, int number)
            throws PipelineException {
        Entity entity = mail.entity();
        Map<String, String> own = new TreeMap<>(facts);
        factsByDelivery.put(number, own);
        Encoding scope = new Encoding(mail.header(), recipients, own);
        for (PipelineSteps.Step<Encoder> step : steps.encode) {
            Entity current = entity;
            entity = timed(step, () -> step.component().encode(current, scope));
            if (scope.recipients().isEmpty()) {
                return Optional.empty();
            }
        }
        HeaderFields header = steps.readable(mail.header());
        if (!steps.encode.isEmpty()) {
            // Record the header fields that stay readable although the content is encoded.
            own.put("readable", String.join(", ", header.names()));
        }
        Entity finished = entity;
        HeaderFields signed = signed(header, finished, scope);
        Seal seal = timed(Stage.ENCODE, "seal", () -> Seal.of(signed, finished));
        return Optional.of(new Delivery(
                submitted.id(),
                number,
                envelope.sender(),
                scope.recipients(),
                envelope.handling(),
                seal.bytes(),
                seal.transparency(),
                seal.sha256(),
                mail.header().first("Message-ID").orElse("<" + submitted.id() + ">")));
    }

    /** The outer header, preceded by the signature of the finished mail if the port signs. */
    private HeaderFields signed(HeaderFields header, Entity finished, EncodeScope scope) throws PipelineException {
        if (steps.signer.isEmpty()) {
            return header;
        }
        MailSigner signer = steps.signer.get();
        return timed(
                Stage.ENCODE,
                "dkim",
                () -> header.after(signer.sign(header.plus(finished.header()), finished.body(), scope)));
    }

    private <T> T timed(PipelineSteps.Step<?> step, Work<T> work) throws PipelineException {
        return timed(
                step.stage(),
                step.name(),
                step.timeout(),
                () -> OwnLoader.call(step.component().getClass(), work::run));
    }

    private <T> T timed(Stage stage, String name, Work<T> work) throws PipelineException {
        return timed(stage, name, Optional.empty(), work);
    }

    private <T> T timed(Stage stage, String name, Optional<Duration> timeout, Work<T> work) throws PipelineException {
        listener.onStart(stage, name, timeout);
        long began = System.nanoTime();
        try {
            T result = Objects.requireNonNull(work.run(), "it returned null");
            addTiming(stage, name, began);
            return result;
        } catch (Exception | LinkageError | StackOverflowError e) {
            addTiming(stage, name, began);
            throw new PipelineException(steps.port.pipeline().name(), stage.element(), name, e, timings);
        } finally {
            // Clear an interrupt that a component left: it must not affect the next component or the store.
            if (Thread.interrupted()) {
                LOG.debug("{} left its thread interrupted", name);
            }
        }
    }

    private void addTiming(Stage stage, String name, long began) {
        timings.add(new Timing(stage.element(), name, Duration.ofNanos(System.nanoTime() - began)));
    }

    private class Scope implements MessageScope {
        @Override
        public String port() {
            return steps.port.name();
        }

        @Override
        public Workspace workspace() {
            return workspace;
        }
    }

    private final class Assembling extends Scope implements AssembleScope {
        private final Message assembled;

        Assembling(Message assembled) {
            this.assembled = assembled;
        }

        @Override
        public Settings mail() {
            return steps.port.mail();
        }

        @Override
        public boolean overrides(String property) {
            Optional<String> now = assembled.context().text(property);
            if (steps.port.dynamic().isPresent() && property.startsWith("SMTP.")) {
                return now.isPresent();
            }
            return now.isPresent() && !now.equals(submitted.context().text(property));
        }

        @Override
        public Mail standard(Message message) throws Exception {
            return steps.standard.assemble(message, this);
        }
    }

    private final class Encoding extends Scope implements EncodeScope {
        private final HeaderFields header;
        private final List<MailAddress> recipients;
        private final Map<String, String> own;

        Encoding(HeaderFields header, List<MailAddress> recipients, Map<String, String> own) {
            this.header = header;
            this.recipients = new ArrayList<>(recipients);
            this.own = own;
        }

        @Override
        public MessageId messageId() {
            return submitted.id();
        }

        @Override
        public Instant submittedAt() {
            return submitted.submittedAt();
        }

        @Override
        public Optional<MailAddress> author() {
            return header.first("From").map(Mailbox::parse).map(Mailbox::address);
        }

        @Override
        public List<MailAddress> recipients() {
            return List.copyOf(recipients);
        }

        @Override
        public void leaveOut(MailAddress recipient, String why) {
            recipients.remove(recipient);
            leftOut.add(recipient + ": " + why);
            own.put("leftOut", String.join("; ", leftOut));
        }

        @Override
        public HeaderFields header() {
            return header;
        }

        @Override
        public void record(String name, String value) {
            own.put(name, value);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws Exception;
    }
}
