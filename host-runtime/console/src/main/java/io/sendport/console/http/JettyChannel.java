package io.sendport.console.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A channel over a response of Jetty. It writes one buffer at a time, and queues further texts up to a limit. */
final class JettyChannel implements Channel {

    /** The maximum number of bytes that wait for a client. */
    private static final int MOST_WAITING = 256 * 1024;

    private final Response response;
    private final Callback whole;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private boolean writes;
    private boolean isClosed;
    private boolean ends;

    JettyChannel(Response response, Callback whole) {
        this.response = response;
        this.whole = whole;
    }

    @Override
    public void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer now;
        synchronized (this) {
            if (isClosed || ends) {
                return;
            }
            waiting.write(bytes, 0, bytes.length);
            if (waiting.size() > MOST_WAITING) {
                isClosed = true;
                whole.failed(new IllegalStateException("the client does not read the response"));
                return;
            }
            if (writes) {
                return;
            }
            now = taken();
        }
        write(now);
    }

    private ByteBuffer taken() {
        ByteBuffer now = ByteBuffer.wrap(waiting.toByteArray());
        waiting.reset();
        writes = true;
        return now;
    }

    private void write(ByteBuffer bytes) {
        response.write(false, bytes, Callback.from(this::written, this::failed));
    }

    private void written() {
        ByteBuffer next = null;
        boolean isOver = false;
        synchronized (this) {
            writes = false;
            if (waiting.size() > 0 && !isClosed) {
                next = taken();
            } else if (ends && !isClosed) {
                isClosed = true;
                isOver = true;
            }
        }
        if (next != null) {
            write(next);
        } else if (isOver) {
            whole.succeeded();
        }
    }

    private void failed(Throwable failure) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
        }
        whole.failed(failure);
    }

    @Override
    public synchronized boolean isClosed() {
        return isClosed;
    }

    @Override
    public void close() {
        synchronized (this) {
            ends = true;
            if (isClosed || writes) {
                return;
            }
            isClosed = true;
        }
        whole.succeeded();
    }
}
