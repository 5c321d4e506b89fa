package io.sendport.console.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A channel over a response of Jetty. It writes one buffer at a time, and queues further texts up to a limit. */
final class JettyResponseStream implements Channel {

    /** The maximum number of bytes that wait for a client. */
    private static final int MAX_WAITING = 256 * 1024;

    private final Response response;
    private final Callback completion;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private boolean isWriting;
    private boolean isClosed;
    private boolean isClosing;

    JettyResponseStream(Response response, Callback completion) {
        this.response = response;
        this.completion = completion;
    }

    @Override
    public void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer now;
        synchronized (this) {
            if (isClosed || isClosing) {
                return;
            }
            waiting.write(bytes, 0, bytes.length);
            if (waiting.size() > MAX_WAITING) {
                isClosed = true;
                completion.failed(new IllegalStateException("the client does not read the response"));
                return;
            }
            if (isWriting) {
                return;
            }
            now = takeWaiting();
        }
        write(now);
    }

    private ByteBuffer takeWaiting() {
        ByteBuffer now = ByteBuffer.wrap(waiting.toByteArray());
        waiting.reset();
        isWriting = true;
        return now;
    }

    private void write(ByteBuffer bytes) {
        response.write(false, bytes, Callback.from(this::written, this::failed));
    }

    private void written() {
        ByteBuffer next = null;
        boolean isComplete = false;
        synchronized (this) {
            isWriting = false;
            if (waiting.size() > 0 && !isClosed) {
                next = takeWaiting();
            } else if (isClosing && !isClosed) {
                isClosed = true;
                isComplete = true;
            }
        }
        if (next != null) {
            write(next);
        } else if (isComplete) {
            completion.succeeded();
        }
    }

    private void failed(Throwable failure) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
        }
        completion.failed(failure);
    }

    @Override
    public synchronized boolean isClosed() {
        return isClosed;
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosing = true;
            if (isClosed || isWriting) {
                return;
            }
            isClosed = true;
        }
        completion.succeeded();
    }
}
