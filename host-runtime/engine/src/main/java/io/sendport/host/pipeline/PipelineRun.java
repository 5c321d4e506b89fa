package io.sendport.host.pipeline;

import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Message;
import io.sendport.api.message.Workspace;
import io.sendport.config.port.SendPort;
import java.io.IOException;
import java.util.Optional;

/**
 * The pipeline of one port: map, pre-assemble, assemble, encode, seal. Made once, run for every message, by several threads at
 * once.
 */
public final class PipelineRun implements AutoCloseable {

    private final PipelineSteps steps;

    /**
     * Makes the components of {@code port}.
     *
     * @param redirectTo takes the place of every recipient, for test environments
     * @param maxRecipients that one delivery may name
     * @throws Exception when a component can't be made
     */
    public PipelineRun(
            SendPort port, Catalog catalog, Services host, Optional<MailAddress> redirectTo, int maxRecipients)
            throws Exception {
        this.steps = new PipelineSteps(port, catalog, host, redirectTo, maxRecipients);
    }

    /** Whether the same message gives the same bytes again, so that a retry needs no kept copy. */
    public boolean isDeterministic() {
        return steps.deterministic;
    }

    /** What stays readable of a mail on its way, given its outer header. */
    public HeaderFields readable(HeaderFields header) {
        return steps.readable(header);
    }

    /**
     * Runs the pipeline.
     *
     * @throws PipelineException when a component fails, with stage and component
     */
    public PipelineResult run(Message message, Workspace workspace) throws PipelineException {
        return run(message, workspace, StepListener.NONE);
    }

    /**
     * As {@link #run(Message, Workspace)}.
     *
     * @param listener is told of each step before it begins
     * @throws PipelineException when a component fails, with stage and component
     */
    public PipelineResult run(Message message, Workspace workspace, StepListener listener) throws PipelineException {
        return new MessagePass(steps, message, workspace, listener).run();
    }

    /** How many times the size of a message its components may take in memory, roughly; 0 where it passes through. */
    public int memoryFactor() {
        return steps.memoryFactor();
    }

    /** Closes every component, also after one that cannot be closed. */
    @Override
    public void close() throws IOException {
        steps.close();
    }
}
