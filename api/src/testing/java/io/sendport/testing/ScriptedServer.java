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
 * An SMTP server that answers as it is told: by default everything is well; {@link #on} replaces the answer to a command. Commands that
 * come together are answered together, as RFC 2920 section 3.2 has it. Answers are lines without line end, or one of these words:
 *
 * <ul>
 *   <li>{@code CLOSE} closes the connection in order, {@code CUT answer} amid that answer, {@code RESET} breaks it, {@code HALF} says no more
 *       but goes on reading.
 *   <li>{@code HANG} says nothing until the server ends, {@code ENDLESS} never stops talking, {@code GARBAGE} is noise.
 *   <li>{@code SLOW answer} answers after 300 ms, {@code DRIP answer} a byte every 20 ms, {@code HOLD answer} once the server is released.
 * </ul>
 */
public final class ScriptedServer implements AutoCloseable {

    /** More than all answers to commands that come together. */
    private static final int OWED_BYTES = 64 * 1024;

    private final ServerSocket socket;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final List<Accepted> acceptedMails = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final @Nullable SSLContext tls;
    private final boolean implicit;
    private volatile @Nullable Callable<SaslServer> doorman;
    private volatile boolean asksForCertificates;
    private volatile int mostRecipients = Integer.MAX_VALUE;
    private volatile String ehlo = "250-test\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250 DSN";

    /** On a free port, in the clear. */
    public ScriptedServer() throws IOException {
        this(null);
    }

    /** With STARTTLS, for those who ask. */
    public ScriptedServer(@Nullable SSLContext tls) throws IOException {
        this(tls, false);
    }

    /** With {@code implicit} TLS from the first byte. */
    public ScriptedServer(@Nullable SSLContext tls, boolean implicit) throws IOException {
        this.tls = tls;
        this.implicit = implicit;
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it listens. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Answers {@code answer} to commands that begin with {@code command}; GREETING, CONTENT (amid the mail) and DOT are commands too. */
    public ScriptedServer on(String command, String answer) {
        answers.put(command, answer);
        return this;
    }

    /** Answers EHLO with these lines. */
    public ScriptedServer offering(String lines) {
        ehlo = lines;
        return this;
    }

    /** Takes so many recipients in one transaction, and answers 452 4.5.3 to more. */
    public ScriptedServer takingRecipients(int most) {
        mostRecipients = most;
        return this;
    }

    /** Wants to see who connects, and notes it as {@code PEER name}. */
    public ScriptedServer askingForCertificates() {
        asksForCertificates = true;
        return this;
    }

    /** Has AUTH answered by a real mechanism, a fresh one for each log-on. */
    public ScriptedServer admitting(Callable<SaslServer> mechanism) {
        doorman = mechanism;
        return this;
    }

    /** What it was told, line by line, from the first connection on. */
    public List<String> commands() {
        return commands;
    }

    /** The mails it has read to their end, whatever it answered. */
    public List<String> mails() {
        return mails;
    }

    /** The mails that it accepted, oldest first. */
    public List<Accepted> accepted() {
        return acceptedMails;
    }

    /**
     * A mail that the server accepted.
     *
     * @param from the sender in the envelope; empty for {@code <>}
     * @param recipients those that it accepted
     * @param content header and content, a character for each byte
     */
    public record Accepted(String from, List<String> recipients, String content) {}

    /** Gives the usual answer to {@code command} again. */
    public ScriptedServer usual(String command) {
        answers.remove(command);
        return this;
    }

    /** How many commands began so. */
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
            new Conversation(client).run();
        } catch (IOException e) {
            commands.add("(" + e.getMessage() + ")");
        }
    }

    private final class Conversation {
        private final Socket accepted;
        private BufferedReader in;
        private OutputStream out;
        private Socket channel;
        private ScriptedVoice voice;
        private String from = "";
        private final List<String> recipients = new ArrayList<>();
        private int offered;

        Conversation(Socket accepted) throws IOException {
            this.accepted = accepted;
            channel = accepted;
            in = new BufferedReader(new InputStreamReader(accepted.getInputStream(), StandardCharsets.ISO_8859_1));
            out = new BufferedOutputStream(accepted.getOutputStream(), OWED_BYTES);
            voice = new ScriptedVoice(accepted, accepted, in, out, ended);
        }

        private void use(Socket next) throws IOException {
            channel = next;
            in = new BufferedReader(new InputStreamReader(next.getInputStream(), StandardCharsets.ISO_8859_1));
            out = new BufferedOutputStream(next.getOutputStream(), OWED_BYTES);
            voice = new ScriptedVoice(accepted, next, in, out, ended);
        }

        /** The next command; what is owed goes out before it is waited for. */
        private @Nullable String heard() throws IOException {
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
            if (!say("GREETING", "220 test ESMTP")) {
                return;
            }
            for (String line; (line = heard()) != null; ) {
                commands.add(line);
                String verb = line.toUpperCase(java.util.Locale.ROOT).split("[ :]")[0];
                if (verb.equals("MAIL")) {
                    from = path(line);
                    recipients.clear();
                    offered = 0;
                }
                if (verb.equals("RCPT") && ++offered > mostRecipients) {
                    out.write(ScriptedVoice.bytes("452 4.5.3 too many"));
                    continue;
                }
                if (verb.equals("RCPT") && answerTo(line, "250").startsWith("2")) {
                    recipients.add(path(line));
                }
                switch (verb) {
                    case "EHLO" -> {
                        if (!say("EHLO", ehlo)) {
                            return;
                        }
                    }
                    case "STARTTLS" -> {
                        if (!say("STARTTLS", "220 go")) {
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
                        Callable<SaslServer> mechanism = doorman;
                        if (mechanism == null ? !say(line, "235 in") : !admit(line, mechanism)) {
                            return;
                        }
                    }
                    case "QUIT" -> {
                        if (say("QUIT", "221 bye")) {
                            out.flush();
                        }
                        return;
                    }
                    case "" -> {
                        if (!say("EMPTY", "535 5.7.8 refused")) {
                            return;
                        }
                    }
                    default -> {
                        if (!say(line, "250 2.1.0 Ok")) {
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
                String said = words.length > 2 ? words[2] : prompted("");
                while (said != null) {
                    byte[] challenge = mechanism.evaluateResponse(
                            said.equals("=") ? new byte[0] : Base64.getDecoder().decode(said));
                    if (mechanism.isComplete()) {
                        return say("ADMITTED", "235 2.7.0 in as " + mechanism.getAuthorizationID());
                    }
                    said = prompted(Base64.getEncoder().encodeToString(challenge));
                }
                return false;
            } catch (IOException e) {
                return say("ADMITTED", "535 5.7.8 " + e.getMessage());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private String prompted(String challenge) throws IOException {
            out.write(ScriptedVoice.bytes("334 " + challenge));
            String said = String.valueOf(heard());
            commands.add(said);
            return said;
        }

        private void secure(SSLContext tls) throws IOException {
            out.flush();
            SSLSocket secured =
                    (SSLSocket) tls.getSocketFactory().createSocket(channel, null, channel.getPort(), false);
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
            if (!say("DATA", "354 go on") || !answer.startsWith("354")) {
                return !answer.equals("CLOSE");
            }
            out.flush();
            List<String> lines = new ArrayList<>();
            String line = in.readLine();
            if (answers.containsKey("CONTENT") && !say("CONTENT", "")) {
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
            return voice.say(last);
        }

        private static String path(String line) {
            int start = line.indexOf('<');
            int end = line.indexOf('>', start);
            return start < 0 || end < 0 ? "" : line.substring(start + 1, end);
        }

        private boolean say(String command, String standard) throws IOException {
            return voice.say(answerTo(command, standard));
        }
    }

    /** Closes every connection, and takes others. */
    public void hangUp() throws IOException {
        for (Socket client : open) {
            client.close();
        }
        open.clear();
    }

    /** Closes whatever connection hangs, and gives the answers that are held. */
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
