package io.sendport.host.pipeline;

import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Message;
import io.sendport.api.message.Workspace;
import io.sendport.config.port.SendPort;
import java.io.IOException;
import java.util.Optional;

/**
 * The pipeline of one port: map, pre-assemble, assemble, encode, seal. It is created once and runs for every message. Safe for use by
 * several threads.
 */
public final class PipelineRun implements AutoCloseable {

    private final PipelineSteps steps;

    /**
     * Creates the components of {@code port}.
     *
     * @param redirectTo replaces every recipient, for test environments
     * @param maxRecipients the limit for one delivery
     * @throws Exception when a component cannot be created
     */
    public PipelineRun(
            SendPort port, Catalog catalog, Services host, Optional<MailAddress> redirectTo, int maxRecipients)
            throws Exception {
        this.steps = new PipelineSteps(port, catalog, host, redirectTo, maxRecipients);
    }

    /** Whether the same message always produces the same bytes, so that a retry needs no stored copy. */
    public boolean isDeterministic() {
        return steps.deterministic;
    }

    /** The fields of {@code header} that anyone can read while the mail is in transit. */
    public HeaderFields readable(HeaderFields header) {
        return steps.readable(header);
    }

    /**
     * Runs the pipeline.
     *
     * @throws PipelineException when a component fails
     */
    public PipelineResult run(Message message, Workspace workspace) throws PipelineException {
        return run(message, workspace, StepListener.NONE);
    }

    /**
     * Runs the pipeline.
     *
     * @param listener is notified of each step before it starts
     * @throws PipelineException when a component fails
     */
    public PipelineResult run(Message message, Workspace workspace, StepListener listener) throws PipelineException {
        return new MessagePass(steps, message, workspace, listener).run();
    }

    /** The approximate memory that its components need, as a multiple of the message's size; 0 if the message is streamed. */
    public int memoryFactor() {
        return steps.memoryFactor();
    }

    /** Closes every component, even if closing one fails. */
    @Override
    public void close() throws IOException {
        steps.close();
    }
}
