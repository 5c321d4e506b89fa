package io.sendport.smtp.wire;

import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Secret;
import io.sendport.smtp.relay.Account;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.sasl.Bearer;
import io.sendport.smtp.sasl.Kerberos;
import io.sendport.smtp.sasl.Login;
import io.sendport.smtp.sasl.Mechanism;
import io.sendport.smtp.sasl.Ntlm;
import io.sendport.smtp.sasl.Plain;
import io.sendport.support.text.Text;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/**
 * The AUTH dialogue (RFC 4954) with the configured method only. A server that does not offer it gets no credentials. The same is true
 * without TLS, unless that is allowed.
 */
final class LogOn {

    private static final int MAX_ROUNDS = 10;
    /** Maximum octets of a command, without its line end (RFC 4954 section 4). */
    private static final int MAX_COMMAND = 510;

    private static final String CANCEL = "*";

    private final SmtpConnection connection;
    private final Relay relay;
    private final Account account;
    private final Optional<Secret> token;

    LogOn(SmtpConnection connection, Optional<Secret> token) {
        this.connection = connection;
        this.relay = connection.relay();
        this.account = relay.account();
        this.token = token;
    }

    /**
     * Logs on.
     *
     * @return the mechanism that was used; empty without log-on
     * @throws SmtpException with the phase AUTH
     */
    String run() throws MessagingException {
        if (!account.logsOn()) {
            return "";
        }
        connection.enter(Phase.AUTH);
        if (connection.tls().isEmpty() && !account.allowClearText()) {
            throw refused(
                    " does not offer TLS, and Sendport does not send credentials without TLS; nothing was sent."
                            + " Ask the server's administrator to enable TLS, or set allowClearText=\"true\" to log on in clear text",
                    null);
        }
        try (Mechanism mechanism = mechanism()) {
            run(mechanism);
            return mechanism.name();
        } catch (IOException e) {
            throw refused(": " + e.getMessage(), e);
        }
    }

    private void run(Mechanism mechanism) throws MessagingException, SaslException {
        String said = encoded(mechanism.initialResponse());
        String command = "AUTH " + mechanism.name();
        boolean fits = mechanism.speaksFirst() && command.length() + 1 + said.length() <= MAX_COMMAND;
        connection.sendCommand(fits ? command + " " + (said.isEmpty() ? "=" : said) : command);
        if (!fits && connection.readServerResponse() == 334) {
            // Any challenge after AUTH without data asks for the initial response.
            connection.sendCommand(said);
            fits = true;
        }
        if (fits) {
            converse(mechanism);
        }
        Reply reply = connection.reply();
        if (reply.code() / 100 != 2) {
            throw new SmtpException(Phase.AUTH, reply, null);
        }
        if (!mechanism.isComplete()) {
            throw new SaslException(
                    "the server answered " + reply + " before the " + mechanism.name() + " log-on was complete");
        }
    }

    private void converse(Mechanism mechanism) throws MessagingException, SaslException {
        for (int round = 1; connection.readServerResponse() == 334; round++) {
            String answer;
            try {
                if (round > MAX_ROUNDS) {
                    throw new SaslException("the server sent more than " + MAX_ROUNDS + " challenges");
                }
                answer = encoded(mechanism.response(decoded(connection.challenge())));
            } catch (SaslException e) {
                connection.sendCommand(CANCEL);
                connection.readServerResponse();
                throw e;
            }
            connection.sendCommand(answer);
        }
    }

    private Mechanism mechanism() throws MessagingException, IOException {
        List<String> wanted = account.auth().mechanisms();
        String offered =
                wanted.stream().filter(connection::offersLogOn).findFirst().orElseThrow(this::notOffered);
        return switch (offered) {
            case "PLAIN" -> new Plain(identity());
            case "LOGIN" -> new Login(identity());
            case "NTLM" -> new Ntlm(identity(), server(), account.allowBareNtlm(), Clock.systemUTC());
            case "XOAUTH2" ->
                new Bearer(identity().user(), token.orElseThrow(() -> new SaslException("no access token")));
            case "GSSAPI" -> new Kerberos(relay.host(), account.identity().map(Identity::user), account.ticketCache());
            default -> throw new IllegalStateException(offered + " is not a log-on mechanism");
        };
    }

    private Identity identity() throws SaslException {
        return account.identity().orElseThrow(() -> new SaslException("no account to log on with"));
    }

    private Ntlm.Server server() throws IOException {
        Optional<byte[]> endPoint = connection.tls().isPresent()
                ? Optional.of(connection.tls().get().endPoint())
                : Optional.empty();
        return new Ntlm.Server("SMTPSVC/" + relay.host(), LocalName.get(), endPoint);
    }

    private SmtpException notOffered() {
        String all = connection.getExtensionParameter("AUTH");
        if (all != null && !all.isBlank()) {
            return refused(
                    " does not offer auth " + account.auth().word() + "; it offers " + Text.printable(all)
                            + "; nothing was sent. Set auth to a method that it offers (basic is PLAIN or LOGIN), or ask its"
                            + " administrator",
                    null);
        }
        if (connection.tls().isPresent()) {
            return refused(
                    " offers no log-on; nothing was sent. If it needs none, leave auth out, or ask its administrator",
                    null);
        }
        return refused(
                connection.getExtensionParameter("STARTTLS") == null
                        ? " offers no log-on and no STARTTLS; nothing was sent. If it needs no log-on, leave auth out. Otherwise use its"
                                + " TCP port for log-on (usually 587 with tls required, or 465 with tls implicit)"
                        : " offers no log-on without TLS, but it offers STARTTLS; nothing was sent. Set tls to required, or leave auth"
                                + " out if it needs no log-on",
                null);
    }

    private SmtpException refused(String why, @Nullable Exception cause) {
        return new SmtpException(Phase.AUTH, Reply.none(relay.address() + why), cause);
    }

    private static String encoded(byte[] response) {
        return Base64.getEncoder().encodeToString(response);
    }

    private static byte[] decoded(String challenge) throws SaslException {
        try {
            return Base64.getDecoder().decode(challenge);
        } catch (IllegalArgumentException e) {
            throw new SaslException("the server's challenge is not valid Base64", e);
        }
    }
}
