package io.sendport.camel;

import io.sendport.api.submit.Submitter;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** Submits messages to a send port of Sendport, which sends them as mail. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "sendport",
        title = "Sendport",
        syntax = "sendport:port",
        producerOnly = true,
        category = {Category.MAIL})
public final class SendportEndpoint extends DefaultEndpoint {

    @UriPath(description = "Name of a send port or group; * for every port that subscribes")
    @Metadata(required = true)
    private final String port;

    @UriParam(
            description =
                    "Dedupe key, an expression of the simple language; by default the header SendportDedupeKey, else what the source knows the message by")
    private @Nullable String dedupeKey;

    @UriParam(
            defaultValue = "true",
            description = "Whether the attachments of the exchange become parts of the message")
    private boolean attachments = true;

    @UriParam(
            defaultValue = "FAIL",
            description =
                    "What becomes of an exchange whose submission can never be taken: it fails, or it stops here without a failure")
    private OnRefused onRefused = OnRefused.FAIL;

    @UriParam(description = "Who submits, for the audit ledger; by default the name of the route")
    private @Nullable String by;

    @UriParam(description = "Submits the messages; by default the component's")
    private @Nullable Submitter submitter;

    SendportEndpoint(String uri, SendportComponent component, String port) {
        super(uri, component);
        this.port = port;
    }

    @Override
    public Producer createProducer() {
        return new SendportProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("sendport: takes messages and gives none; use it in <to>");
    }

    SendportComponent component() {
        return (SendportComponent) getComponent();
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
}
