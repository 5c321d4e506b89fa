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
 * The TCP connection below everything, including TLS. It limits what Angus leaves unlimited: the size and the total time of a reply, and
 * the time of a write. Written data is sent only when a reply is awaited, so that pipelined commands are sent together.
 */
final class GuardedSocket extends Socket {

    private static final int MAX_REPLY_BYTES = 128 * 1024;
    private static final int MAX_HELD_BYTES = 64 * 1024;

    private final Duration writeTimeout;
    private final ScheduledExecutorService watchdog;
    private final Object outputLock = new Object();
    private final byte[] held = new byte[MAX_HELD_BYTES];
    private int heldBytes;
    private int roundTrips;
    private long deadline;
    private int bytesLeft;

    GuardedSocket(Duration writeTimeout, ScheduledExecutorService watchdog) {
        this.writeTimeout = writeTimeout;
        this.watchdog = watchdog;
    }

    /**
     * Connects to the first address of the relay that accepts a connection.
     *
     * @throws IOException of the first address, when none does
     */
    static GuardedSocket to(Relay relay, ScheduledExecutorService watchdog) throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName(relay.host());
        IOException first = null;
        int timeout = (int) Math.min(Integer.MAX_VALUE, relay.limits().connect().toMillis());
        for (InetAddress address : addresses) {
            // The name stays with the address, so that TLS checks the configured name and nothing queries DNS again.
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

    /** Allows the peer to send a limited number of bytes within {@code timeout}. Everything read afterwards counts. */
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

    /** Ignored: {@link #beginReply} sets timeouts. */
    @Override
    public void setSoTimeout(int timeout) {
        // Angus would change the timeout that beginReply has set.
    }

    /** The number of round trips, which determine the cost of a distant server. */
    int roundTrips() {
        return roundTrips;
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

    /** Closes the connection without further communication. */
    void abort() {
        try {
            super.close();
        } catch (IOException e) {
            // The connection is closed either way, as intended.
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
            roundTrips += heldBytes > 0 ? 1 : 0;
            drain(GuardedSocket.super.getOutputStream());
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new SocketTimeoutException("no complete answer in time");
            }
            if (bytesLeft <= 0) {
                throw new IOException("the answer is longer than " + MAX_REPLY_BYTES + " bytes");
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
            // Held until a reply is awaited or the buffer is full.
        }

        @Override
        public void close() throws IOException {
            drain(out);
            super.close();
        }
    }

    /** Sends held data first, because TLS ends its side before it closes. */
    @Override
    public void shutdownOutput() throws IOException {
        drain(super.getOutputStream());
        super.shutdownOutput();
    }

    /** Sends held data, then closes. */
    @Override
    public synchronized void close() throws IOException {
        if (!isClosed() && isConnected() && !isOutputShutdown()) {
            try {
                drain(super.getOutputStream());
            } catch (IOException e) {
                // The held data was a QUIT or a close_notify, which nobody depends on.
            }
        }
        super.close();
    }
}
