package io.sendport.host.pipeline;

import java.util.concurrent.Callable;

/** Runs code of a plug-in with its own class loader as that of the thread: libraries that it brings along look there for what they load by name. */
final class OwnLoader {

    private OwnLoader() {}

    /**
     * Does {@code work}, code of {@code type}.
     *
     * @throws Exception what it throws
     */
    static <T> T call(Class<?> type, Callable<T> work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ClassLoader own = type.getClassLoader();
        if (own == null || own == before) {
            return work.call();
        }
        thread.setContextClassLoader(own);
        try {
            return work.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
