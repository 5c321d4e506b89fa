package io.sendport.host.run;

import io.sendport.host.pipeline.PipelineException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Describes failures of custom components by their stack traces, so that their authors find the cause. Omits exception messages, because
 * they can quote content. Safe for use by several threads.
 */
final class ComponentFailures {

    private static final int MAX_COUNT = 200;
    private static final int FRAMES = 20;

    /** The package of the first frame that belongs to Sendport, which called the component. */
    private static final String OURS = "io.sendport.host.pipeline.";

    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    /** The stack trace of a failure in a custom component; empty for components of Sendport. */
    static String stack(PipelineException failure) {
        Throwable cause = failure.getCause();
        return failure.component().startsWith("component ") && cause != null ? describe(cause) : "";
    }

    /** Returns true once for each stack trace of a component, so that it is logged once. False after 200 stack traces. */
    boolean isNew(PipelineException failure, String stack) {
        return !stack.isEmpty() && logged.size() < MAX_COUNT && logged.add(failure.component() + stack);
    }

    private static String describe(Throwable failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable each = failure; each != null && all.length() < 10_000; each = each.getCause()) {
            all.append(all.length() == 0 ? "" : "\ncaused by ")
                    .append(each.getClass().getName());
            all.append(Arrays.stream(each.getStackTrace())
                    .takeWhile(frame -> !frame.getClassName().startsWith(OURS))
                    .limit(FRAMES)
                    .map(frame -> "\n    at " + frame)
                    .collect(Collectors.joining()));
        }
        return all.toString();
    }
}
