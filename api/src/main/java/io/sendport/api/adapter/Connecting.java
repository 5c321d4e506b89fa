package io.sendport.api.adapter;

/** What {@link SendAdapter#connect()} returns. Immutable. */
public sealed interface Connecting {

    /**
     * A connection, open or failed. The caller closes it.
     *
     * @param connection the connection; a {@link SendConnection#fault fault} that it has is the outcome of the attempt
     */
    record Connected(SendConnection connection) implements Connecting {}

    /**
     * No connection became free in time. Nothing was attempted, so the message uses up no retry and keeps its place. The engine asks again
     * immediately, so the adapter must wait before it returns this.
     *
     * @param why the reason, for the log
     */
    record Busy(String why) implements Connecting {}
}
