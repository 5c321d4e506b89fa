package io.sendport.support;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/** What lies behind an exception. No method takes or returns null; each is safe for use by several threads. */
public final class Failures {

    private Failures() {}

    /** The last cause of {@code failure}: itself when it has none. A chain that leads back to itself ends before it repeats. */
    public static Throwable root(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable root = failure;
        for (Throwable each = failure; each != null && seen.add(each); each = each.getCause()) {
            root = each;
        }
        return root;
    }

    /** The message of the last cause; the name of its class where it has no message. */
    public static String reason(Throwable failure) {
        Throwable root = root(failure);
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }

    /** The first of {@code failure} and its causes that is a {@code type}; empty when none is. */
    public static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable each = failure; each != null && seen.add(each); each = each.getCause()) {
            if (type.isInstance(each)) {
                return Optional.of(type.cast(each));
            }
        }
        return Optional.empty();
    }
}
