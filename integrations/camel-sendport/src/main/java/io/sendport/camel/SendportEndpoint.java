package io.sendport.camel;

import io.sendport.api.outcome.OutcomeSource;
import io.sendport.api.submit.Submitter;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.jspecify.annotations.Nullable;

/** Submits messages to a send port of Sendport, which sends them as mail, and receives what became of them. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "sendport",
        title = "Sendport",
        syntax = "sendport:port",
        category = {Category.MAIL})
public final class SendportEndpoint extends ScheduledPollEndpoint {

    @UriPath(
            description =
                    "Name of a send port or group; * for every port that subscribes; a consumer reads from outcomes")
    @Metadata(required = true)
    private final String port;

    @UriParam(
            label = "producer",
            description =
                    "Dedupe key, an expression of the simple language; by default the header SendportDedupeKey, else what the source knows the message by")
    private @Nullable String dedupeKey;

    @UriParam(
            label = "producer",
            defaultValue = "true",
            description = "Whether the attachments of the exchange become parts of the message")
    private boolean attachments = true;

    @UriParam(
            label = "producer",
            defaultValue = "FAIL",
            description =
                    "What becomes of an exchange whose submission can never be taken: it fails, or it stops here without a failure")
    private OnRefused onRefused = OnRefused.FAIL;

    @UriParam(label = "producer", description = "Who submits, for the audit ledger; by default the name of the route")
    private @Nullable String by;

    @UriParam(label = "producer", description = "Submits the messages; by default the component's")
    private @Nullable Submitter submitter;

    @UriParam(label = "consumer", description = "Gives the outcomes; by default the one OutcomeSource in the registry")
    private @Nullable OutcomeSource source;

    @UriParam(
            label = "consumer",
            description = "Keeps the position of the consumer, such as a FileStateRepository; required")
    private @Nullable StateRepository<String, String> positions;

    @UriParam(
            label = "consumer",
            description = "Name of the consumer in the repository of positions; by default the name of the route")
    private @Nullable String reader;

    @UriParam(
            label = "consumer",
            defaultValue = "BEGIN",
            description = "Where a consumer without a position begins: at the oldest outcome that is kept, or now")
    private StartAt startAt = StartAt.BEGIN;

    SendportEndpoint(String uri, SendportComponent component, String port) {
        super(uri, component);
        this.port = port;
    }

    @Override
    public Producer createProducer() {
        if (SendportComponent.OUTCOMES.equals(port)) {
            component().checkPort(port);
        }
        return new SendportProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (!SendportComponent.OUTCOMES.equals(port)) {
            throw new UnsupportedOperationException("sendport:" + port + " accepts messages and cannot be read from;"
                    + " use it in <to>, or read outcomes with sendport:outcomes in <from>");
        }
        StateRepository<String, String> kept = positions;
        if (kept == null) {
            throw new IllegalArgumentException("sendport:outcomes needs positions=#bean, a StateRepository that keeps"
                    + " its position; otherwise a restart would lose or repeat outcomes");
        }
        OutcomesConsumer consumer = new OutcomesConsumer(this, processor, kept);
        configureConsumer(consumer);
        return consumer;
    }

    SendportComponent component() {
        return (SendportComponent) getComponent();
    }

    OutcomeSource outcomes() {
        OutcomeSource own = source;
        return own == null ? component().requireSource() : own;
    }

    Submitter submitter() {
        Submitter own = submitter;
        return own == null ? component().requireSubmitter() : own;
    }

    /** The name of a port or group; {@code *} for every port that subscribes. */
    public String getPort() {
        return port;
    }

    /** The expression for the dedupe key; null where none was set. */
    public @Nullable String getDedupeKey() {
        return dedupeKey;
    }

    /** Sets the expression for the dedupe key. */
    public void setDedupeKey(String expression) {
        dedupeKey = expression;
    }

    /** Whether attachments become parts. */
    public boolean isAttachments() {
        return attachments;
    }

    /** Sets whether attachments become parts. */
    public void setAttachments(boolean taken) {
        attachments = taken;
    }

    /** What becomes of an exchange that is refused. */
    public OnRefused getOnRefused() {
        return onRefused;
    }

    /** Sets what becomes of an exchange that is refused. */
    public void setOnRefused(OnRefused act) {
        onRefused = act;
    }

    /** Who submits; null where none was set. */
    public @Nullable String getBy() {
        return by;
    }

    /** Sets who submits. */
    public void setBy(String who) {
        by = who;
    }

    /** The submitter of this endpoint; null where it is the component's. */
    public @Nullable Submitter getSubmitter() {
        return submitter;
    }

    /** Sets the submitter of this endpoint. */
    public void setSubmitter(Submitter own) {
        submitter = own;
    }

    /** The source of the outcomes; null where the registry is asked. */
    public @Nullable OutcomeSource getSource() {
        return source;
    }

    /** Sets the source of the outcomes. */
    public void setSource(OutcomeSource own) {
        source = own;
    }

    /** What keeps the position; null where none was set. */
    public @Nullable StateRepository<String, String> getPositions() {
        return positions;
    }

    /** Sets what keeps the position. */
    public void setPositions(StateRepository<String, String> repository) {
        positions = repository;
    }

    /** The name of the consumer; null where it is the route's. */
    public @Nullable String getReader() {
        return reader;
    }

    /** Sets the name of the consumer. */
    public void setReader(String name) {
        reader = name;
    }

    /** Where a consumer without a position begins. */
    public StartAt getStartAt() {
        return startAt;
    }

    /** Sets where a consumer without a position begins. */
    public void setStartAt(StartAt place) {
        startAt = place;
    }
}
