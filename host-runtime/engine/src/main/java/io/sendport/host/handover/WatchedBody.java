package io.sendport.host.handover;

import io.sendport.api.message.Body;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A body that records whether somebody tried to read it. No byte of an unread body can have been handed over. Safe for use by several
 * threads.
 */
public final class WatchedBody implements Body {

    private final Body body;
    private volatile boolean read;

    /** Watches {@code body}. */
    public WatchedBody(Body body) {
        this.body = body;
    }

    /** Whether a byte was read or skipped, or this was attempted. */
    public boolean wasRead() {
        return read;
    }

    @Override
    public InputStream open() throws IOException {
        return new Watched(body.open());
    }

    @Override
    public long size() {
        return body.size();
    }

    @Override
    public String toString() {
        return body.toString();
    }

    private final class Watched extends FilterInputStream {

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            read = true;
            return super.read();
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
            read |= count > 0;
            return super.read(bytes, from, count);
        }

        @Override
        public long skip(long count) throws IOException {
            read |= count > 0;
            return super.skip(count);
        }

        @Override
        public long transferTo(OutputStream out) throws IOException {
            read = true;
            return in.transferTo(out);
        }
    }
}
