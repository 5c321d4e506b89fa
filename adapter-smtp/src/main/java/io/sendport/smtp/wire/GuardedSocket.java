package io.sendport.smtp.wire;

import io.sendport.smtp.relay.Relay;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The TCP connection under everything, TLS included. It bounds what Angus leaves open: the bytes and the total time of a reply, and
 * the time of a write. What is written goes out when the peer's answer is awaited, so that commands sent together travel together.
 */
final class GuardedSocket extends Socket {

    private static final int MAX_REPLY_BYTES = 128 * 1024;
    private static final int MAX_HELD_BYTES = 64 * 1024;

    private final Duration writeTimeout;
    private final ScheduledExecutorService watchdog;
    private final Object outputLock = new Object();
    private final byte[] held = new byte[MAX_HELD_BYTES];
    private int heldBytes;
    private int turns;
    private long deadline;
    private int bytesLeft;

    GuardedSocket(Duration writeTimeout, ScheduledExecutorService watchdog) {
        this.writeTimeout = writeTimeout;
        this.watchdog = watchdog;
    }

    /**
     * A connection to the first of the relay's addresses that takes one.
     *
     * @throws IOException of the first address, where none does
     */
    static GuardedSocket to(Relay relay, ScheduledExecutorService watchdog) throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName(relay.host());
        IOException first = null;
        int timeout = (int) Math.min(Integer.MAX_VALUE, relay.limits().connect().toMillis());
        for (InetAddress address : addresses) {
            // The name stays with the address, so that TLS checks the name that was configured and nothing asks DNS
            // again.
            InetAddress named = InetAddress.getByAddress(relay.host(), address.getAddress());
            GuardedSocket socket = new GuardedSocket(relay.limits().write(), watchdog);
            try {
                socket.connect(new InetSocketAddress(named, relay.port()), timeout);
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException e) {
                socket.abort();
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IOException("no address for " + relay.host()) : first;
    }

    /** Lets the peer answer with a bounded number of bytes within {@code timeout}. Everything read afterwards counts. */
    void beginReply(Duration timeout) {
        deadline = System.nanoTime() + timeout.toNanos();
        bytesLeft = MAX_REPLY_BYTES;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new GuardedInput(super.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new GuardedOutput(super.getOutputStream());
    }

    /** Time-outs are ours to set: see {@link #beginReply}. */
    @Override
    public void setSoTimeout(int timeout) {
        // Angus would lengthen or shorten what beginReply has decided.
    }

    /** How often something was sent and an answer awaited: what a long way to the server costs. */
    int turns() {
        return turns;
    }

    private void drain(OutputStream out) throws IOException {
        synchronized (outputLock) {
            if (heldBytes == 0) {
                return;
            }
            ScheduledFuture<?> guard = watchdog.schedule(this::abort, writeTimeout.toMillis(), TimeUnit.MILLISECONDS);
            try {
                out.write(held, 0, heldBytes);
                out.flush();
            } finally {
                guard.cancel(false);
                heldBytes = 0;
            }
        }
    }

    /** Ends the connection without a word. */
    void abort() {
        try {
            super.close();
        } catch (IOException e) {
            // The connection is gone either way, which is what was wanted.
        }
    }

    private final class GuardedInput extends FilterInputStream {
        GuardedInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            turns += heldBytes > 0 ? 1 : 0;
            drain(GuardedSocket.super.getOutputStream());
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new SocketTimeoutException("no complete answer in time");
            }
            if (bytesLeft <= 0) {
                throw new IOException("an answer of more than " + MAX_REPLY_BYTES + " bytes");
            }
            GuardedSocket.super.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
            int read = in.read(bytes, offset, Math.min(length, bytesLeft));
            bytesLeft -= Math.max(read, 0);
            return read;
        }
    }

    private final class GuardedOutput extends FilterOutputStream {
        GuardedOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            int left = length;
            synchronized (outputLock) {
                while (left > 0) {
                    if (heldBytes == held.length) {
                        drain(out);
                    }
                    int room = Math.min(left, held.length - heldBytes);
                    System.arraycopy(bytes, from, held, heldBytes, room);
                    heldBytes += room;
                    from += room;
                    left -= room;
                }
            }
        }

        @Override
        public void flush() {
            // Held until an answer is awaited or the buffer is full.
        }

        @Override
        public void close() throws IOException {
            drain(out);
            super.close();
        }
    }

    /** Sends what is held first: TLS ends its side before it closes. */
    @Override
    public void shutdownOutput() throws IOException {
        drain(super.getOutputStream());
        super.shutdownOutput();
    }

    /** Sends what is held, then closes. */
    @Override
    public synchronized void close() throws IOException {
        if (!isClosed() && isConnected() && !isOutputShutdown()) {
            try {
                drain(super.getOutputStream());
            } catch (IOException e) {
                // What was held was a QUIT or a close_notify; nobody depends on it.
            }
        }
        super.close();
    }
}
