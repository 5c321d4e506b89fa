package io.sendport.host.run;

import io.sendport.host.pipeline.PipelineException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The stacks of failures in users' own components, once for each cause, so that their authors find the place. Messages of exceptions are
 * left out, because they can quote content. Safe for use by several threads.
 */
final class ComponentFailures {

    private static final int MOST = 200;
    private static final int FRAMES = 20;

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** The stack of a failure in a user's own class; empty for other components and for a stack that was returned before. */
    Optional<String> stack(PipelineException failure) {
        Throwable cause = failure.getCause();
        if (!failure.component().startsWith("component ") || cause == null || told.size() >= MOST) {
            return Optional.empty();
        }
        String stack = describe(cause);
        return told.add(failure.component() + stack) ? Optional.of(stack) : Optional.empty();
    }

    private static String describe(Throwable failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable each = failure; each != null && all.length() < 10_000; each = each.getCause()) {
            all.append(all.length() == 0 ? "" : "\ncaused by ")
                    .append(each.getClass().getName());
            all.append(Arrays.stream(each.getStackTrace())
                    .limit(FRAMES)
                    .map(frame -> "\n    at " + frame)
                    .collect(Collectors.joining()));
        }
        return all.toString();
    }
}
