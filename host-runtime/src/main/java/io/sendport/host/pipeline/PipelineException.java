package io.sendport.host.pipeline;

import java.util.List;

/** A component could not do its work: the message is suspended. Says stage, component and cause. */
public final class PipelineException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Timing> timings;

    PipelineException(String pipeline, String stage, String component, Throwable cause, List<Timing> timings) {
        super(
                "pipeline " + pipeline + ", stage " + stage + ", component " + component + ": "
                        + (cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage()),
                cause);
        this.timings = List.copyOf(timings);
    }

    /** What ran before, the failed component included. */
    public List<Timing> timings() {
        return timings;
    }
}
