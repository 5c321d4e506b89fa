package io.sendport.smtp.wire;

import io.sendport.smtp.relay.Relay;
import io.sendport.support.text.Text;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The connection as Angus sees it: unencrypted at first, with TLS after {@link #secure}. It returns one line at a time and keeps the rest
 * itself. It therefore notices text that a server sends before its turn, never carries such text over a TLS handshake, and never takes it
 * for a reply to something else. Not thread-safe.
 */
final class RelaySocket extends Socket {

    private static final int AHEAD_BYTES = 8 * 1024;
    private static final int SHOWN_CHARACTERS = 120;

    private final GuardedSocket tcp;
    private final byte[] ahead = new byte[AHEAD_BYTES];
    private int from;
    private int to;
    private int lastRead = '\n';
    private boolean ended;
    private InputStream in;
    private OutputStream out;
    private @Nullable TlsChannel tls;

    RelaySocket(GuardedSocket tcp) throws IOException {
        this.tcp = tcp;
        this.in = tcp.getInputStream();
        this.out = tcp.getOutputStream();
    }

    /**
     * Continues with TLS.
     *
     * @throws IOException when the server sent something before the handshake, or is not the expected server
     */
    void secure(SSLSocketFactory factory, Relay relay, Duration timeout) throws IOException {
        requireSilence();
        tcp.beginReply(timeout);
        TlsChannel channel = TlsChannel.over(
                tcp, factory, relay.host(), relay.port(), relay.trust().pinnedKey());
        in = channel.socket().getInputStream();
        out = channel.socket().getOutputStream();
        tls = channel;
    }

    /** Empty while the connection is unencrypted. */
    Optional<TlsChannel> tls() {
        return Optional.ofNullable(tls);
    }

    /** See {@link GuardedSocket#beginReply}. */
    void beginReply(Duration timeout) {
        tcp.beginReply(timeout);
    }

    /** Whether the server has closed its side. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether it closed its side within a line. */
    boolean isCut() {
        return ended && lastRead != '\n';
    }

    /** See {@link GuardedSocket#roundTrips}. */
    int roundTrips() {
        return tcp.roundTrips();
    }

    /**
     * Checks that there is nothing to read. A server that answers what was not asked is out of step, or an attacker injects data.
     *
     * @throws IOException with the start of what it sent
     */
    void requireSilence() throws IOException {
        if (hasSpoken() && (from < to || fill())) {
            String said = new String(ahead, from, to - from, StandardCharsets.ISO_8859_1);
            throw new IOException("the server spoke before its turn: "
                    + Text.printable(said.lines().findFirst().orElse(""), SHOWN_CHARACTERS));
        }
    }

    /** Whether there is something to read now. With TLS, data that is not yet decrypted does not count. */
    boolean hasSpoken() throws IOException {
        return from < to || in.available() > 0;
    }

    private boolean fill() throws IOException {
        int read = in.read(ahead, 0, ahead.length);
        from = 0;
        to = Math.max(read, 0);
        ended |= read < 0;
        return read > 0;
    }

    /**
     * The next byte that was read ahead.
     *
     * @throws IOException after a carriage return that does not end a line: Angus would treat it as a line end, and other programs would
     *     not
     */
    private byte next() throws IOException {
        byte next = ahead[from++];
        if (lastRead == '\r' && next != '\n' && next != '\r') {
            throw new IOException("not an SMTP reply, it has a carriage return within a line");
        }
        lastRead = next;
        return next;
    }

    @Override
    public InputStream getInputStream() {
        return new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read() throws IOException {
                return from == to && !fill() ? -1 : RelaySocket.this.next() & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (from == to && !fill()) {
                    return -1;
                }
                int given = 0;
                while (given < length && from < to) {
                    byte next = RelaySocket.this.next();
                    bytes[offset + given++] = next;
                    if (next == '\n') {
                        break;
                    }
                }
                return given;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new FilterOutputStream(OutputStream.nullOutputStream()) {
            @Override
            public void write(int b) throws IOException {
                RelaySocket.this.out.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                RelaySocket.this.out.write(bytes, offset, length);
            }

            @Override
            public void flush() throws IOException {
                RelaySocket.this.out.flush();
            }
        };
    }

    /** Ignored: {@link #beginReply} sets timeouts. Angus would change them. */
    @Override
    public void setSoTimeout(int timeout) {
        // Ignored, see above.
    }

    @Override
    public InetAddress getInetAddress() {
        return tcp.getInetAddress();
    }

    @Override
    public int getPort() {
        return tcp.getPort();
    }

    @Override
    public boolean isClosed() {
        return tcp.isClosed();
    }

    /** Closes the connection without further communication. */
    void abort() {
        tcp.abort();
    }

    @Override
    public synchronized void close() throws IOException {
        TlsChannel secured = tls;
        if (secured == null) {
            tcp.close();
        } else {
            secured.socket().close();
        }
    }
}
