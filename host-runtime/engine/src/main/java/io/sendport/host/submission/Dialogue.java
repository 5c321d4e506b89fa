package io.sendport.host.submission;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's session (RFC 5321). For one thread; any thread may call {@link #hangUp}, {@link #isReceiving} and {@link #isLate}. */
final class Dialogue {

    private static final Logger LOG = LoggerFactory.getLogger(Dialogue.class);

    private static final int MAX_ERRORS = 10;
    /** The limit of consecutive commands that do not make progress with a mail. */
    private static final int MAX_IDLE = 100;

    private static final int MAX_LOG_ONS = 3;

    /** The limit for a command and its reply (RFC 5321, section 4.5.3.2.7). */
    private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(5);

    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);
    /** The time limit until the client has logged on, if that is required. */
    private static final Duration UNAUTHENTICATED = Duration.ofMinutes(5);

    private static final Duration MAIL_TIMEOUT = Duration.ofMinutes(10);

    private final Desk desk;
    private final InetAddress client;
    /** The TCP connection. Closing TLS instead would wait for a client that does not read. */
    private final Socket connection;

    private final long began = System.nanoTime();
    private ClientInput in;
    private OutputStream out;
    private boolean isSecure;
    private boolean hasGreeted;
    private boolean hasEnded;
    private @Nullable Account account;
    private @Nullable Transaction transaction;
    private int errors;
    private int refused;
    private int idle;
    private int logOns;
    private volatile boolean receiving;
    private volatile long deadline;

    Dialogue(Socket connection, Desk desk) throws IOException {
        this.desk = desk;
        this.connection = connection;
        this.client = connection.getInetAddress();
        this.in = new ClientInput(connection.getInputStream());
        this.out = new BufferedOutputStream(connection.getOutputStream());
        within(COMMAND_TIMEOUT);
    }

    /** Sets the deadline after which the connection is closed. A socket timeout alone does not limit slow reads and writes. */
    private void within(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        boolean isUnauthenticated = desk.settings().logOn() && account == null;
        deadline = isUnauthenticated ? Math.min(end - began, UNAUTHENTICATED.toNanos()) + began : end;
    }

    /** Whether the client exceeded its deadline. */
    boolean isLate() {
        return System.nanoTime() - deadline > 0;
    }

    /** Runs the session until one side ends it. */
    void run() throws IOException {
        try {
            if (in.hasMore()) {
                end(Reply.TALKED_EARLY);
                return;
            }
            say(new Reply(220, "", desk.name() + " ESMTP Sendport submission"));
            while (!hasEnded) {
                within(COMMAND_TIMEOUT);
                handle(in.line());
            }
        } catch (EOFException e) {
            LOG.debug("{}: {}", client, e.getMessage());
        }
    }

    /** Whether a mail is being received that may still be submitted. */
    boolean isReceiving() {
        return receiving;
    }

    /** Closes the connection from another thread, without waiting. */
    void hangUp() {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("cannot close a connection", e);
        }
    }

    private void handle(ClientInput.Line line) throws IOException {
        if (desk.isStopping()) {
            end(Reply.STOPPING);
            return;
        }
        if (line.fault() != ClientInput.Fault.NONE) {
            Reply broken = line.fault() == ClientInput.Fault.TOO_LONG ? Reply.LONG_LINE : Reply.BROKEN_LINE;
            if (line.fault() == ClientInput.Fault.BARE_NEWLINE) {
                end(broken);
            } else {
                answer(broken);
            }
            return;
        }
        String[] words = line.text().split(" ", 2);
        String verb = words[0].toUpperCase(Locale.ROOT);
        String argument = words.length < 2 ? "" : words[1].strip();
        if (++idle > MAX_IDLE) {
            end(Reply.TOO_MANY_COMMANDS);
            return;
        }
        switch (verb) {
            case "EHLO", "HELO" -> greet(verb, argument);
            case "STARTTLS" -> startTls(argument);
            case "AUTH" -> logOn(argument);
            case "MAIL" -> mail(argument);
            case "RCPT" -> recipient(argument);
            case "DATA" -> data(argument);
            case "RSET" -> {
                transaction = null;
                answer(Reply.OK);
            }
            case "NOOP" -> answer(Reply.OK);
            case "VRFY" -> answer(new Reply(252, "2.1.5", "Cannot verify the address; send the mail to find out"));
            case "QUIT" -> end(Reply.BYE);
            default -> answer(Reply.UNKNOWN);
        }
    }

    private void greet(String verb, String argument) throws IOException {
        if (argument.isEmpty()) {
            answer(Reply.ARGUMENTS);
            return;
        }
        hasGreeted = true;
        transaction = null;
        if (verb.equals("HELO")) {
            say(new Reply(250, "", desk.name()));
            return;
        }
        List<String> offers = new ArrayList<>(List.of(desk.name(), "PIPELINING", "SIZE " + desk.largest()));
        offers.addAll(List.of("8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"));
        if (desk.hasTls() && !isSecure) {
            offers.add("STARTTLS");
        }
        if (isSecure) {
            offers.add("AUTH PLAIN LOGIN");
        }
        for (int i = 0; i < offers.size(); i++) {
            write("250" + (i == offers.size() - 1 ? " " : "-") + offers.get(i));
        }
        flush();
    }

    private void startTls(String argument) throws IOException {
        if (!desk.hasTls() || isSecure || !argument.isEmpty()) {
            answer(isSecure ? Reply.ORDER : argument.isEmpty() ? Reply.UNKNOWN : Reply.ARGUMENTS);
            return;
        }
        if (in.hasMore()) {
            // Otherwise this input would count as if it came under TLS (CVE-2011-0411).
            end(Reply.TALKED_EARLY);
            return;
        }
        SSLSocket secured;
        try {
            secured = desk.secured(connection);
        } catch (IOException e) {
            LOG.error("The submission feed cannot start TLS: {}. Clients get the reply 454", e.getMessage());
            answer(new Reply(454, "4.7.0", "TLS is not available now"));
            return;
        }
        write(Reply.READY_FOR_TLS.line());
        flush();
        within(HANDSHAKE_TIMEOUT);
        secured.startHandshake();
        in = new ClientInput(secured.getInputStream());
        out = new BufferedOutputStream(secured.getOutputStream());
        isSecure = true;
        hasGreeted = false;
        transaction = null;
    }

    private void logOn(String argument) throws IOException {
        if (!isSecure) {
            answer(desk.hasTls() ? Reply.TLS_FIRST : Reply.UNKNOWN);
            return;
        }
        if (!hasGreeted || account != null || transaction != null) {
            answer(Reply.ORDER);
            return;
        }
        if (++logOns > MAX_LOG_ONS) {
            end(Reply.TOO_MANY_ERRORS);
            return;
        }
        Optional<Long> pause = desk.logOnPause(client);
        if (pause.isPresent()) {
            answer(new Reply(454, "4.7.0", "Too many failed log-ons; try again in " + pause.get() + " s"));
            return;
        }
        Optional<Credential> given = Credential.ask(argument, this::challenge);
        if (given.isEmpty()) {
            answer(new Reply(501, "5.5.2", "Malformed AUTH, or unknown mechanism; use PLAIN or LOGIN"));
            return;
        }
        try {
            Optional<Predicate<String>> ports = desk.logOn(given.get(), client);
            if (ports.isPresent()) {
                account = new Account(given.get().user(), ports.get());
                answer(new Reply(235, "2.7.0", "Logged on"));
            } else {
                answer(new Reply(535, "5.7.8", "User or password is wrong"));
            }
        } catch (IOException e) {
            LOG.error("The submission feed cannot check a log-on: {}. The client gets the reply 454", e.getMessage());
            answer(new Reply(454, "4.7.0", "Log-ons cannot be checked now"));
        }
    }

    private String challenge(String question) throws IOException {
        write("334 " + question);
        flush();
        ClientInput.Line line = in.line();
        return line.fault() == ClientInput.Fault.NONE ? line.text() : "*";
    }

    private void mail(String argument) throws IOException {
        if (!hasGreeted || transaction != null) {
            answer(Reply.ORDER);
            return;
        }
        if (desk.settings().logOn() && account == null) {
            answer(isSecure ? Reply.LOG_ON_FIRST : Reply.TLS_FIRST);
            return;
        }
        PathArgument path;
        try {
            path = PathArgument.ofMail(argument);
        } catch (IllegalArgumentException e) {
            answer(new Reply(501, "5.1.7", String.valueOf(e.getMessage())));
            return;
        }
        Optional<String> unknown = path.unknownParameter();
        if (unknown.isPresent()) {
            answer(new Reply(555, "5.5.4", "Unknown parameter " + unknown.get() + ", or a value that is not allowed"));
            return;
        }
        boolean utf8 = path.parameters().containsKey("SMTPUTF8");
        if (path.needsUtf8() && !utf8) {
            answer(Reply.NEEDS_UTF8);
            return;
        }
        long largest = desk.largest();
        if (path.size() > largest) {
            answer(Reply.tooLarge(largest));
            return;
        }
        transaction = new Transaction(path.address(), utf8, path.size());
        refused = 0;
        say(new Reply(250, "2.1.0", "Ok"));
    }

    private void recipient(String argument) throws IOException {
        Transaction now = transaction;
        if (now == null) {
            answer(Reply.ORDER);
            return;
        }
        if (now.count() >= desk.settings().maxRecipients()) {
            answer(new Reply(452, "4.5.3", "Too many recipients"));
            return;
        }
        Reply reply = addressed(now, argument);
        if (!reply.isError()) {
            // The command makes progress with a mail.
            idle = 0;
            say(reply);
        } else if (++refused > desk.settings().maxRecipients()) {
            end(Reply.TOO_MANY_ERRORS);
        } else {
            idle--;
            say(reply);
        }
    }

    private Reply addressed(Transaction now, String argument) {
        PathArgument path;
        try {
            path = PathArgument.ofRecipient(argument);
        } catch (IllegalArgumentException e) {
            return new Reply(501, "5.1.3", String.valueOf(e.getMessage()));
        }
        if (!path.parameters().isEmpty()) {
            return new Reply(555, "5.5.4", "RCPT takes no parameters here");
        }
        if (path.needsUtf8() && !now.isUtf8()) {
            return Reply.NEEDS_UTF8;
        }
        return desk.address(now, path.address().orElseThrow(), Optional.ofNullable(account));
    }

    private void data(String argument) throws IOException {
        Transaction now = transaction;
        if (now == null || !argument.isEmpty()) {
            answer(now == null ? Reply.ORDER : Reply.ARGUMENTS);
            return;
        }
        if (now.count() == 0) {
            answer(new Reply(554, "5.5.1", "No valid recipients"));
            return;
        }
        if (in.hasMore()) {
            // DATA must be the last command of a group (RFC 2920, section 3.1).
            end(Reply.TALKED_EARLY);
            return;
        }
        write(Reply.GO_AHEAD.line());
        flush();
        transaction = null;
        idle = 0;
        receiving = true;
        within(MAIL_TIMEOUT);
        try {
            Reply reply = desk.take(now, in, "smtp " + who());
            // The message is on disk now. Send the reply before anything else.
            within(COMMAND_TIMEOUT);
            write(reply.line());
            flush();
            if (!reply.isError()) {
                errors = 0;
            }
        } catch (Desk.SpoolException e) {
            LOG.error(
                    "The submission feed cannot store a mail: {}. Check the spool folder and its disk", e.getMessage());
            end(Reply.NOT_NOW);
        } finally {
            receiving = false;
        }
    }

    /** The submitter's name on the ledger. */
    private String who() {
        Account now = account;
        return now == null ? client.getHostAddress() : now.user();
    }

    private void answer(Reply reply) throws IOException {
        if (reply.isError() && ++errors > MAX_ERRORS) {
            end(Reply.TOO_MANY_ERRORS);
            return;
        }
        say(reply);
    }

    private void end(Reply reply) throws IOException {
        hasEnded = true;
        write(reply.line());
        flush();
    }

    private void say(Reply reply) throws IOException {
        write(reply.line());
        // Replies to a group of commands are sent together (RFC 2920, section 3.2).
        if (!in.hasMore()) {
            flush();
        }
    }

    private void write(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private void flush() throws IOException {
        out.flush();
    }
}
