package io.sendport.host.pipeline;

import java.util.concurrent.Callable;

/**
 * Runs code of a plug-in with the plug-in's class loader as the context class loader of the thread, because libraries of the plug-in
 * load classes by name from it.
 */
final class OwnLoader {

    private OwnLoader() {}

    /**
     * Runs {@code work}, code of {@code type}.
     *
     * @throws Exception from {@code work}
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
