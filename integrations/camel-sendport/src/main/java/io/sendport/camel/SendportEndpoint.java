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

/** Submits messages to a send port of Sendport, which sends them as mail, and receives their outcomes. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "sendport",
        title = "Sendport",
        syntax = "sendport:port",
        category = {Category.MAIL})
public final class SendportEndpoint extends ScheduledPollEndpoint {

    @UriPath(
            description = "Name of a send port or group, or an asterisk for every port that subscribes."
                    + " A consumer uses the name outcomes")
    @Metadata(required = true)
    private final String port;

    @UriParam(
            label = "producer",
            description =
                    "Dedupe key, an expression of the simple language. Default: the header SendportDedupeKey, else a key"
                            + " that identifies the message at its source")
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
                    "What happens to an exchange whose submission is refused: FAIL raises an exception, STOP ends the"
                            + " route without a failure")
    private OnRefused onRefused = OnRefused.FAIL;

    @UriParam(
            label = "producer",
            description = "Name of the submitter in the audit ledger. Default: the id of the route")
    private @Nullable String by;

    @UriParam(label = "producer", description = "Submits the messages. Default: the submitter of the component")
    private @Nullable Submitter submitter;

    @UriParam(
            label = "consumer",
            description = "Supplies the outcomes. Default: the only OutcomeSource in the registry")
    private @Nullable OutcomeSource source;

    @UriParam(
            label = "consumer",
            description = "Stores the position of the consumer, such as a FileStateRepository. Required for consumers")
    private @Nullable StateRepository<String, String> positions;

    @UriParam(label = "consumer", description = "Key of the position in the repository. Default: the id of the route")
    private @Nullable String reader;

    @UriParam(
            label = "consumer",
            defaultValue = "BEGIN",
            description =
                    "Where a consumer without a position starts: BEGIN is the oldest stored outcome, NOW skips earlier outcomes")
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
            throw new IllegalArgumentException("sendport:outcomes needs positions=#bean, a StateRepository that stores"
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

    /** The expression for the dedupe key; null when not set. */
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

    /** What happens to an exchange whose submission is refused. */
    public OnRefused getOnRefused() {
        return onRefused;
    }

    /** Sets what happens to an exchange whose submission is refused. */
    public void setOnRefused(OnRefused act) {
        onRefused = act;
    }

    /** The name of the submitter; null when not set. */
    public @Nullable String getBy() {
        return by;
    }

    /** Sets the name of the submitter. */
    public void setBy(String who) {
        by = who;
    }

    /** The submitter of this endpoint; null to use that of the component. */
    public @Nullable Submitter getSubmitter() {
        return submitter;
    }

    /** Sets the submitter of this endpoint. */
    public void setSubmitter(Submitter own) {
        submitter = own;
    }

    /** The source of the outcomes; null to look it up in the registry. */
    public @Nullable OutcomeSource getSource() {
        return source;
    }

    /** Sets the source of the outcomes. */
    public void setSource(OutcomeSource own) {
        source = own;
    }

    /** The repository for the position; null when not set. */
    public @Nullable StateRepository<String, String> getPositions() {
        return positions;
    }

    /** Sets the repository for the position. */
    public void setPositions(StateRepository<String, String> repository) {
        positions = repository;
    }

    /** The key of the position; null to use the id of the route. */
    public @Nullable String getReader() {
        return reader;
    }

    /** Sets the key of the position. */
    public void setReader(String name) {
        reader = name;
    }

    /** Where a consumer without a position starts. */
    public StartAt getStartAt() {
        return startAt;
    }

    /** Sets where a consumer without a position starts. */
    public void setStartAt(StartAt place) {
        startAt = place;
    }
}
