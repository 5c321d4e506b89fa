package io.sendport.test;

import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An SMTP server for tests. By default it accepts every mail. Thread-safe. */
public final class TestRelay implements AutoCloseable {

    private static final String CLOSE = "CLOSE";

    private final ScriptedServer server;
    private final Set<String> scripted = ConcurrentHashMap.newKeySet();

    TestRelay() throws IOException {
        server = new ScriptedServer();
    }

    /** The TCP port on 127.0.0.1. */
    public int port() {
        return server.port();
    }

    /** The mails that the relay accepted, oldest first. */
    public List<ParsedMail> mails() {
        return server.accepted().stream()
                .map(each -> new ParsedMail(
                        each.from(), each.recipients(), each.content().getBytes(StandardCharsets.ISO_8859_1)))
                .toList();
    }

    /**
     * The only mail.
     *
     * @throws AssertionError when the relay accepted none or several
     */
    public ParsedMail mail() {
        List<ParsedMail> mails = mails();
        if (mails.size() != 1) {
            throw new AssertionError(
                    "the relay accepted " + mails.size() + " mails; expected 1. Clients sent: " + commands());
        }
        return mails.get(0);
    }

    /**
     * Waits until the relay accepted at least {@code count} mails.
     *
     * @throws AssertionError when it accepted fewer within two minutes
     */
    public List<ParsedMail> awaitMails(int count) throws InterruptedException {
        try {
            Patience.until(
                    count + " mails at the relay", () -> server.accepted().size() >= count);
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot read the mails of the relay", e);
        }
        return mails();
    }

    /** The lines that clients sent, without the content of mails. */
    public List<String> commands() {
        return List.copyOf(server.commands());
    }

    /**
     * Replies {@code reply} to commands that begin with {@code command}, until {@link #acceptAll}.
     *
     * @param command such as {@code MAIL} or {@code RCPT TO:<b@customer.example>}; {@code GREETING} means a new connection, and
     *     {@code DOT} the end of a mail
     * @param reply such as {@code 451 4.3.0 try later}
     */
    public TestRelay answer(String command, String reply) {
        scripted.add(command);
        server.on(command, reply);
        return this;
    }

    /** Defers this recipient: replies 450. */
    public TestRelay deferRecipient(String address) {
        return answer("RCPT TO:<" + address + ">", "450 4.2.1 the mailbox is busy");
    }

    /** Refuses this recipient permanently: replies 550. */
    public TestRelay refuseRecipient(String address) {
        return answer("RCPT TO:<" + address + ">", "550 5.1.1 unknown user");
    }

    /** Defers every mail: replies 451. */
    public TestRelay deferAll() {
        return answer("DOT", "451 4.3.0 try later");
    }

    /** Refuses every mail permanently: replies 554. */
    public TestRelay refuseAll() {
        return answer("DOT", "554 5.7.1 refused");
    }

    /** Closes the connection before a mail, which is then not handed over. */
    public TestRelay cutBeforeMail() {
        return answer("MAIL", CLOSE);
    }

    /** Closes the connection after the last byte of a mail without a reply, so that the mail is in doubt. */
    public TestRelay cutAfterMail() {
        return answer("DOT", CLOSE);
    }

    /** Accepts everything again. */
    public TestRelay acceptAll() {
        scripted.forEach(server::usual);
        scripted.clear();
        return this;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
