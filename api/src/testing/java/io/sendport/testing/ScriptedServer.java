package io.sendport.testing;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.security.sasl.SaslServer;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server for tests. By default it accepts everything; {@link #on} replaces the reply to a command. Pipelined commands get pipelined
 * replies (RFC 2920 section 3.2). A reply is a line without its line end, or one of these words:
 *
 * <ul>
 *   <li>{@code CLOSE} closes the connection, {@code CUT reply} closes it in the middle of a reply, {@code RESET} resets it, {@code HALF}
 *       closes only the sending side.
 *   <li>{@code HANG} sends nothing until the server ends, {@code ENDLESS} never stops sending, {@code GARBAGE} sends noise.
 *   <li>{@code SLOW reply} replies after 300 ms, {@code DRIP reply} sends a byte every 20 ms, {@code HOLD reply} replies after {@link
 *       #release}.
 * </ul>
 */
public final class ScriptedServer implements AutoCloseable {

    /** More than all replies to a group of pipelined commands. */
    private static final int PENDING_BYTES = 64 * 1024;

    private final ServerSocket socket;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final List<Accepted> acceptedMails = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final @Nullable SSLContext tls;
    private final boolean implicit;
    private volatile @Nullable Callable<SaslServer> saslServers;
    private volatile boolean asksForCertificates;
    private volatile int mostRecipients = Integer.MAX_VALUE;
    private volatile String ehlo = "250-test\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250 DSN";

    /** Listens on a free TCP port, without TLS. */
    public ScriptedServer() throws IOException {
        this(null);
    }

    /** Offers STARTTLS. */
    public ScriptedServer(@Nullable SSLContext tls) throws IOException {
        this(tls, false);
    }

    /** Offers STARTTLS, or with {@code implicit} uses TLS from the first byte. */
    public ScriptedServer(@Nullable SSLContext tls, boolean implicit) throws IOException {
        this.tls = tls;
        this.implicit = implicit;
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** The TCP port that the server listens on. */
    public int port() {
        return socket.getLocalPort();
    }

    /**
     * Replies {@code answer} to commands that begin with {@code command}; GREETING, CONTENT (in the middle of the mail) and DOT also work.
     */
    public ScriptedServer on(String command, String answer) {
        answers.put(command, answer);
        return this;
    }

    /** Replies to EHLO with these lines. */
    public ScriptedServer offering(String lines) {
        ehlo = lines;
        return this;
    }

    /** Accepts at most {@code most} recipients in a transaction, and replies 452 4.5.3 to others. */
    public ScriptedServer takingRecipients(int most) {
        mostRecipients = most;
        return this;
    }

    /** Requires a client certificate and records its subject as {@code PEER name}. */
    public ScriptedServer askingForCertificates() {
        asksForCertificates = true;
        return this;
    }

    /** Handles AUTH with a new SASL server for each log-on. */
    public ScriptedServer admitting(Callable<SaslServer> mechanism) {
        saslServers = mechanism;
        return this;
    }

    /** All lines that clients sent, since the first connection. */
    public List<String> commands() {
        return commands;
    }

    /** The mails that the server received completely, whatever it replied. */
    public List<String> mails() {
        return mails;
    }

    /** The mails that the server accepted, oldest first. */
    public List<Accepted> accepted() {
        return acceptedMails;
    }

    /**
     * A mail that the server accepted.
     *
     * @param from the sender in the envelope; empty for {@code <>}
     * @param recipients the recipients that the server accepted
     * @param content header and content, one character for each byte
     */
    public record Accepted(String from, List<String> recipients, String content) {}

    /** Restores the default reply to {@code command}. */
    public ScriptedServer usual(String command) {
        answers.remove(command);
        return this;
    }

    /** The number of received commands that begin with {@code prefix}. */
    public long count(String prefix) {
        return commands.stream().filter(each -> each.startsWith(prefix)).count();
    }

    private String answerTo(String command, String standard) {
        return answers.entrySet().stream()
                .filter(each -> command.startsWith(each.getKey()))
                .max(Map.Entry.comparingByKey(java.util.Comparator.comparingInt(String::length)))
                .map(Map.Entry::getValue)
                .orElse(standard);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                Thread thread = new Thread(() -> serve(client), "scripted-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket accepted) {
        try (Socket client = accepted) {
            new Session(client).run();
        } catch (IOException e) {
            commands.add("(" + e.getMessage() + ")");
        }
    }

    private final class Session {
        private final Socket accepted;
        private BufferedReader in;
        private OutputStream out;
        private Socket current;
        private ReplyWriter replies;
        private String from = "";
        private final List<String> recipients = new ArrayList<>();
        private int offered;

        Session(Socket accepted) throws IOException {
            this.accepted = accepted;
            current = accepted;
            in = new BufferedReader(new InputStreamReader(accepted.getInputStream(), StandardCharsets.ISO_8859_1));
            out = new BufferedOutputStream(accepted.getOutputStream(), PENDING_BYTES);
            replies = new ReplyWriter(accepted, accepted, in, out, ended);
        }

        private void use(Socket next) throws IOException {
            current = next;
            in = new BufferedReader(new InputStreamReader(next.getInputStream(), StandardCharsets.ISO_8859_1));
            out = new BufferedOutputStream(next.getOutputStream(), PENDING_BYTES);
            replies = new ReplyWriter(accepted, next, in, out, ended);
        }

        /** Reads the next command. Sends pending replies before it waits. */
        private @Nullable String readCommand() throws IOException {
            if (!in.ready()) {
                out.flush();
            }
            return in.readLine();
        }

        void run() throws IOException {
            commands.add("CONNECT");
            if (implicit && tls != null) {
                secure(tls);
            }
            if (!send("GREETING", "220 test ESMTP")) {
                return;
            }
            for (String line; (line = readCommand()) != null; ) {
                commands.add(line);
                String verb = line.toUpperCase(java.util.Locale.ROOT).split("[ :]")[0];
                if (verb.equals("MAIL")) {
                    from = path(line);
                    recipients.clear();
                    offered = 0;
                }
                if (verb.equals("RCPT") && ++offered > mostRecipients) {
                    out.write(ReplyWriter.bytes("452 4.5.3 too many"));
                    continue;
                }
                if (verb.equals("RCPT") && answerTo(line, "250").startsWith("2")) {
                    recipients.add(path(line));
                }
                switch (verb) {
                    case "EHLO" -> {
                        if (!send("EHLO", ehlo)) {
                            return;
                        }
                    }
                    case "STARTTLS" -> {
                        if (!send("STARTTLS", "220 go")) {
                            return;
                        }
                        if (tls != null) {
                            secure(tls);
                        }
                    }
                    case "DATA" -> {
                        if (!data()) {
                            return;
                        }
                    }
                    case "AUTH" -> {
                        Callable<SaslServer> mechanism = saslServers;
                        if (mechanism == null ? !send(line, "235 in") : !admit(line, mechanism)) {
                            return;
                        }
                    }
                    case "QUIT" -> {
                        if (send("QUIT", "221 bye")) {
                            out.flush();
                        }
                        return;
                    }
                    case "" -> {
                        if (!send("EMPTY", "535 5.7.8 refused")) {
                            return;
                        }
                    }
                    default -> {
                        if (!send(line, "250 2.1.0 Ok")) {
                            return;
                        }
                    }
                }
            }
        }

        private boolean admit(String line, Callable<SaslServer> mechanisms) throws IOException {
            String[] words = line.split(" ");
            try {
                SaslServer mechanism = mechanisms.call();
                String response = words.length > 2 ? words[2] : challenge("");
                while (response != null) {
                    byte[] challenge = mechanism.evaluateResponse(
                            response.equals("=")
                                    ? new byte[0]
                                    : Base64.getDecoder().decode(response));
                    if (mechanism.isComplete()) {
                        return send("ADMITTED", "235 2.7.0 in as " + mechanism.getAuthorizationID());
                    }
                    response = challenge(Base64.getEncoder().encodeToString(challenge));
                }
                return false;
            } catch (IOException e) {
                return send("ADMITTED", "535 5.7.8 " + e.getMessage());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private String challenge(String data) throws IOException {
            out.write(ReplyWriter.bytes("334 " + data));
            String response = String.valueOf(readCommand());
            commands.add(response);
            return response;
        }

        private void secure(SSLContext tls) throws IOException {
            out.flush();
            SSLSocket secured =
                    (SSLSocket) tls.getSocketFactory().createSocket(current, null, current.getPort(), false);
            secured.setUseClientMode(false);
            if (asksForCertificates) {
                secured.setNeedClientAuth(true);
                secured.startHandshake();
                commands.add("PEER " + secured.getSession().getPeerPrincipal().getName());
            }
            use(secured);
        }

        private boolean data() throws IOException {
            String answer = answers.getOrDefault("DATA", "354 go on");
            if (!send("DATA", "354 go on") || !answer.startsWith("354")) {
                return !answer.equals("CLOSE");
            }
            out.flush();
            List<String> lines = new ArrayList<>();
            String line = in.readLine();
            if (answers.containsKey("CONTENT") && !send("CONTENT", "")) {
                return false;
            }
            out.flush();
            while (line != null && !line.equals(".")) {
                lines.add(line.startsWith(".") ? line.substring(1) : line);
                line = in.readLine();
            }
            if (line == null) {
                return false;
            }
            commands.add(".");
            String content = String.join("\r\n", lines) + "\r\n";
            mails.add(content);
            String last = answerTo("DOT", "250 2.0.0 Ok: queued as 4BCD");
            if (last.startsWith("2")) {
                acceptedMails.add(new Accepted(from, List.copyOf(recipients), content));
            }
            return replies.send(last);
        }

        private static String path(String line) {
            int start = line.indexOf('<');
            int end = line.indexOf('>', start);
            return start < 0 || end < 0 ? "" : line.substring(start + 1, end);
        }

        private boolean send(String command, String standard) throws IOException {
            return replies.send(answerTo(command, standard));
        }
    }

    /** Closes all connections. The server continues to accept new ones. */
    public void hangUp() throws IOException {
        for (Socket client : open) {
            client.close();
        }
        open.clear();
    }

    /** Closes connections that hang, and sends the replies that are held. */
    public void release() {
        ended.countDown();
    }

    @Override
    public void close() throws IOException {
        ended.countDown();
        socket.close();
        for (Socket client : open) {
            client.close();
        }
    }
}
