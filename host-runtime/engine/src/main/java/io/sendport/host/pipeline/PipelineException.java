package io.sendport.host.pipeline;

import java.util.List;
import java.util.stream.Collectors;

/** A component failed, so the message must be suspended. The text has the stage, the component and the cause. */
public final class PipelineException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Timing> timings;
    private final String component;

    /** @param component the element of the component, and its name or class */
    public PipelineException(String pipeline, String stage, String component, Throwable cause, List<Timing> timings) {
        super(
                "pipeline " + pipeline + ", stage " + stage + ", component " + component + ": "
                        + (cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage()),
                cause);
        this.timings = List.copyOf(timings);
        this.component = component;
    }

    private PipelineException(String message, PipelineException first) {
        super(message, first.getCause());
        this.timings = first.timings;
        this.component = first.component;
    }

    /** Combines the failures of several deliveries of a message, with the reason of each. */
    static PipelineException of(List<PipelineException> failures) {
        PipelineException first = failures.get(0);
        if (failures.size() == 1) {
            return first;
        }
        String reasons = failures.stream()
                .map(each -> String.valueOf(each.getMessage()))
                .distinct()
                .collect(Collectors.joining("; "));
        PipelineException all = new PipelineException(reasons, first);
        failures.subList(1, failures.size()).forEach(all::addSuppressed);
        return all;
    }

    /** The element of the component, and its name or class. */
    public String component() {
        return component;
    }

    /** The timings of all components that ran, including the failed one. */
    public List<Timing> timings() {
        return timings;
    }
}
