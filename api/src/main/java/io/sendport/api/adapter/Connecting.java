package io.sendport.api.adapter;

/** The result of asking an adapter for a connection. */
public sealed interface Connecting {

    /**
     * A connection. The caller closes it.
     *
     * @param connection may have a {@link SendConnection#fault fault}, which is then the outcome of the attempt
     */
    record Connected(SendConnection connection) implements Connecting {}

    /**
     * No connection became free in time. Nothing was attempted, so the message uses up no retry and keeps its place. The engine asks for it
     * again at once, so the adapter waits before it returns this.
     *
     * @param why for the log
     */
    record Busy(String why) implements Connecting {}
}
