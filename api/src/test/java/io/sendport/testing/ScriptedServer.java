package io.sendport.testing;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.security.sasl.SaslServer;

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

    private static final int SLOW_MILLIS = 300;
    private static final int DRIP_MILLIS = 20;
    private static final int GARBAGE_BYTES = 400;
    /** More than all answers to commands that come together. */
    private static final int OWED_BYTES = 64 * 1024;

    private final ServerSocket socket;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final SSLContext tls;
    private final boolean implicit;
    private volatile Callable<SaslServer> doorman;
    private volatile boolean asksForCertificates;
    private volatile int mostRecipients = Integer.MAX_VALUE;
    private volatile String ehlo = "250-test\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250 DSN";

    /** On a free port, in the clear. */
    public ScriptedServer() throws IOException {
        this(null);
    }

    /** With STARTTLS, for those who ask. */
    public ScriptedServer(SSLContext tls) throws IOException {
        this(tls, false);
    }

    /** With {@code implicit} TLS from the first byte. */
    public ScriptedServer(SSLContext tls, boolean implicit) throws IOException {
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

    /** How many commands began so. */
    public long count(String prefix) {
        return commands.stream().filter(each -> each.startsWith(prefix)).count();
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
        private int recipients;

        Conversation(Socket accepted) throws IOException {
            this.accepted = accepted;
            use(accepted);
        }

        private void use(Socket next) throws IOException {
            channel = next;
            in = new BufferedReader(new InputStreamReader(next.getInputStream(), StandardCharsets.ISO_8859_1));
            out = new BufferedOutputStream(next.getOutputStream(), OWED_BYTES);
        }

        /** The next command; what is owed goes out before it is waited for. */
        private String heard() throws IOException {
            if (!in.ready()) {
                out.flush();
            }
            return in.readLine();
        }

        void run() throws IOException {
            commands.add("CONNECT");
            if (implicit) {
                secure();
            }
            if (!say("GREETING", "220 test ESMTP")) {
                return;
            }
            for (String line; (line = heard()) != null; ) {
                commands.add(line);
                String verb = line.toUpperCase(java.util.Locale.ROOT).split("[ :]")[0];
                recipients = verb.equals("RCPT") ? recipients + 1 : verb.equals("MAIL") ? 0 : recipients;
                if (verb.equals("RCPT") && recipients > mostRecipients) {
                    out.write(bytes("452 4.5.3 too many"));
                    continue;
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
                            secure();
                        }
                    }
                    case "DATA" -> {
                        if (!data()) {
                            return;
                        }
                    }
                    case "AUTH" -> {
                        if (doorman == null ? !say(line, "235 in") : !admit(line)) {
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

        private boolean admit(String line) throws IOException {
            String[] words = line.split(" ");
            try {
                SaslServer mechanism = doorman.call();
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
            out.write(bytes("334 " + challenge));
            String said = heard();
            commands.add(String.valueOf(said));
            return said;
        }

        private void secure() throws IOException {
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
            mails.add(String.join("\r\n", lines) + "\r\n");
            return say("DOT", "250 2.0.0 Ok: queued as 4BCD");
        }

        private boolean say(String command, String standard) throws IOException {
            String answer = answers.entrySet().stream()
                    .filter(each -> command.startsWith(each.getKey()))
                    .max(Map.Entry.comparingByKey(java.util.Comparator.comparingInt(String::length)))
                    .map(Map.Entry::getValue)
                    .orElse(standard);
            switch (answer.split(" ", 2)[0]) {
                case "CLOSE" -> {
                    out.flush();
                    channel.close();
                }
                case "CUT" -> {
                    out.write(answer.substring(4).getBytes(StandardCharsets.ISO_8859_1));
                    out.flush();
                    channel.close();
                }
                case "RESET" -> {
                    out.flush();
                    accepted.setSoLinger(true, 0);
                    accepted.close();
                }
                case "HALF" -> {
                    out.flush();
                    accepted.shutdownOutput();
                    in.transferTo(Writer.nullWriter());
                }
                case "HANG" -> pause(Integer.MAX_VALUE);
                case "HOLD" -> {
                    ends(Integer.MAX_VALUE);
                    out.write(bytes(answer.substring(5)));
                    return true;
                }
                case "ENDLESS" -> {
                    while (true) {
                        out.write("250-and on\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII));
                    }
                }
                case "GARBAGE" -> {
                    byte[] noise = new byte[GARBAGE_BYTES];
                    new Random(answers.size()).nextBytes(noise);
                    out.write(noise);
                    out.write(new byte[] {'\r', '\n'});
                    return true;
                }
                case "SLOW" -> {
                    pause(SLOW_MILLIS);
                    out.write(bytes(answer.substring(5)));
                    return true;
                }
                case "DRIP" -> {
                    for (byte each : bytes(answer.substring(5))) {
                        out.write(each);
                        pause(DRIP_MILLIS);
                    }
                    return true;
                }
                default -> {
                    out.write(bytes(answer));
                    return true;
                }
            }
            return false;
        }

        private byte[] bytes(String answer) {
            return (answer + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        }

        private void pause(int millis) throws IOException {
            if (ends(millis)) {
                channel.close();
            }
        }

        /** Whether the server was released, or ended, before the time was over. What is owed goes out first. */
        private boolean ends(int millis) throws IOException {
            out.flush();
            try {
                return ended.await(millis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
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
