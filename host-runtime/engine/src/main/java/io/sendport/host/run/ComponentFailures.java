package io.sendport.host.run;

import io.sendport.host.pipeline.PipelineException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Where components of users' own failed, for who wrote them: the stack once for each cause. Messages of exceptions are left out, since they
 * may quote the content. Safe for use by several threads.
 */
final class ComponentFailures {

    private static final int MOST = 200;
    private static final int FRAMES = 20;

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** The stack of the failure, where it is of a class of a user's own and was not told before. */
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
