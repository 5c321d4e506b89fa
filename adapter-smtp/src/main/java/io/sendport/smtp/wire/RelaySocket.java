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
 * The connection as Angus sees it: clear at first, under TLS once that is told. It hands out one line at a time and keeps the rest
 * itself, so that what a server says before its turn is noticed, never carried over a TLS handshake, and never taken for the answer to
 * something else. Used by one thread at a time.
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
     * Goes on under TLS.
     *
     * @throws IOException when the server said something before the handshake, or is not who it should be
     */
    void secure(SSLSocketFactory factory, Relay relay, Duration patience) throws IOException {
        requireSilence();
        tcp.beginReply(patience);
        TlsChannel channel = TlsChannel.over(
                tcp, factory, relay.host(), relay.port(), relay.trust().pinnedKey());
        in = channel.socket().getInputStream();
        out = channel.socket().getOutputStream();
        tls = channel;
    }

    /** Empty while the channel is clear. */
    Optional<TlsChannel> tls() {
        return Optional.ofNullable(tls);
    }

    /** See {@link GuardedSocket#beginReply}. */
    void beginReply(Duration timeout) {
        tcp.beginReply(timeout);
    }

    /** Whether the server has said its last word. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether it did so amid a line. */
    boolean isCut() {
        return ended && lastRead != '\n';
    }

    /** See {@link GuardedSocket#turns}. */
    int turns() {
        return tcp.turns();
    }

    /**
     * Expects that nothing is to be read. A server that has answered what was never asked is out of step, or not alone.
     *
     * @throws IOException with the beginning of what it said
     */
    void requireSilence() throws IOException {
        if (hasSpoken() && (from < to || fill())) {
            String said = new String(ahead, from, to - from, StandardCharsets.ISO_8859_1);
            throw new IOException("the server spoke before its turn: "
                    + Text.printable(said.lines().findFirst().orElse(""), SHOWN_CHARACTERS));
        }
    }

    /** Whether something is to be read at this moment. Under TLS what has not been deciphered yet does not count. */
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
     * @throws IOException after a carriage return that ends no line: Angus would take it for the end of one, and others would not
     */
    private byte next() throws IOException {
        byte next = ahead[from++];
        if (lastRead == '\r' && next != '\n' && next != '\r') {
            throw new IOException("not an SMTP reply, it has a carriage return amid a line");
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

    /** Time-outs are {@link #beginReply}'s to set; Angus would lengthen or shorten them. */
    @Override
    public void setSoTimeout(int timeout) {
        // See above.
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

    /** Ends the connection without a word. */
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
