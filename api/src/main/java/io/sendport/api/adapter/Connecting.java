package io.sendport.api.adapter;

/** What came of asking an adapter for a connection. */
public sealed interface Connecting {

    /**
     * There is one, to be closed by the caller.
     *
     * @param connection may have a {@link SendConnection#fault fault}: that is the outcome of an attempt
     */
    record Connected(SendConnection connection) implements Connecting {}

    /**
     * None became free in time. Nothing was tried, so the message spends no retry and keeps its place.
     *
     * @param why for the log
     */
    record Busy(String why) implements Connecting {}
}
