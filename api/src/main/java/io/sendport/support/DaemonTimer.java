package io.sendport.support;

import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Makes timers whose thread does not keep the process alive. */
public final class DaemonTimer {

    private DaemonTimer() {}

    /**
     * A timer with one thread.
     *
     * @param name of the thread
     */
    public static ScheduledThreadPoolExecutor named(String name) {
        return new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
