package io.sendport.smtp.wire;

import io.sendport.api.settings.Secret;
import io.sendport.smtp.relay.Relay;
import io.sendport.support.text.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dialogue on a connection since its last transaction started, without secrets. Bounded; used by one thread at a time. At DEBUG it logs
 * the verb of each command and the codes of each reply: the rest may contain addresses.
 */
final class Transcript {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpConnection.class);

    private static final int MAX_LINES = 200;

    private final List<String> lines = new ArrayList<>();
    private final List<String> secretForms = new ArrayList<>();
    private final String relay;

    Transcript(Relay relay, Optional<Secret> token) {
        this.relay = relay.address();
        token.ifPresent(secret -> {
            secretForms.add(secret.reveal());
            relay.account()
                    .identity()
                    .ifPresent(account -> secretForms.add(
                            base64("user=" + account.user() + "\001auth=Bearer " + secret.reveal() + "\001\001")));
        });
        relay.account()
                .identity()
                .filter(account -> account.password().reveal().length() > 3)
                .ifPresent(account -> {
                    String password = account.password().reveal();
                    secretForms.add(base64("\0" + account.user() + "\0" + password));
                    secretForms.add(base64(password));
                    secretForms.add(password);
                });
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Masks secrets, also in a server's text, because a server may repeat what it received. */
    @Nullable
    String masked(@Nullable String text) {
        String masked = text;
        for (String form : secretForms) {
            masked = masked == null ? null : masked.replace(form, "***");
        }
        return masked;
    }

    /** Logs that the connection is open. */
    void opened(String protection, String mechanism) {
        LOG.debug("{} connected, {}, log-on {}", relay, protection, mechanism.isEmpty() ? "none" : mechanism);
    }

    /** Records a command that is about to be sent. */
    void command(Phase phase, String command) {
        boolean secret = phase == Phase.AUTH && !command.equals("QUIT");
        String verb = command.split(" ", 2)[0];
        if (command.startsWith("AUTH ")) {
            note("C: AUTH " + command.split(" ")[1] + " ***");
        } else {
            note("C: " + (secret ? "***" : command));
        }
        LOG.debug("{} C: {}", relay, secret && !verb.equals("AUTH") ? "***" : verb);
    }

    /**
     * Records a reply.
     *
     * @param reply with code 0 when it is not valid
     * @param text all its lines
     */
    void reply(Phase phase, Reply reply, String text) {
        if (reply.code() == 0) {
            note("-- " + reply.text());
        } else if (phase == Phase.AUTH && reply.code() == 334) {
            note("S: 334 ***");
        } else {
            text.strip().lines().forEach(line -> note("S: " + Text.printable(line, 300)));
        }
        LOG.debug("{} S: {} {}", relay, reply.code() == 0 ? "no valid reply" : reply.code(), reply.enhanced());
    }

    private void note(String line) {
        if (lines.size() < MAX_LINES) {
            lines.add(line);
        }
    }

    void clear() {
        lines.clear();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
