package io.sendport.support;

import io.sendport.api.settings.ByteSize;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Optional;

/** Accepts a limited number of bytes, and none after its thread is interrupted. */
final class LimitedOutput extends FilterOutputStream {

    private final long limit;
    private long written;
    private Optional<String> fault = Optional.empty();

    LimitedOutput(OutputStream out, long limit) {
        super(out);
        this.limit = limit;
    }

    /** Why it stopped accepting bytes. The writer may have wrapped or swallowed the exception. */
    Optional<String> fault() {
        return fault;
    }

    @Override
    public void write(int b) throws IOException {
        count(1);
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        count(length);
        out.write(bytes, offset, length);
    }

    private void count(int more) throws IOException {
        written += more;
        if (written > limit) {
            String message = "the result has more than " + ByteSize.format(limit) + "; maxOutput sets the limit";
            fault = Optional.of(message);
            throw new IOException(message);
        }
        if (Thread.currentThread().isInterrupted()) {
            fault = Optional.of("the transformation was interrupted");
            throw new InterruptedIOException("the transformation was interrupted");
        }
    }
}
