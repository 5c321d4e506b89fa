package io.sendport.host.store.commit;

import org.jspecify.annotations.Nullable;

/**
 * Named points at which a crash test halts the process. They do nothing without the system property {@code sendport.failPoint}. With the
 * value {@code NAME} or {@code NAME:N}, the process halts when it reaches the point for the Nth time, as with {@code kill -9}.
 */
public final class FailPoint {

    private static final @Nullable String ARMED = System.getProperty("sendport.failPoint");
    private static final String NAME = ARMED == null ? "" : ARMED.replaceAll(":.*", "");
    private static final java.util.concurrent.atomic.AtomicInteger LEFT = new java.util.concurrent.atomic.AtomicInteger(
            ARMED == null || ARMED.indexOf(':') < 0 ? 1 : Integer.parseInt(ARMED.substring(ARMED.indexOf(':') + 1)));

    private FailPoint() {}

    /** Halts the process if the system property names this point. */
    public static void reach(String name) {
        if (ARMED != null && NAME.equals(name) && LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(137);
        }
    }
}
