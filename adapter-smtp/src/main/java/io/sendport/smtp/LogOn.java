package io.sendport.smtp;

import io.sendport.api.adapter.Phase;
import io.sendport.api.adapter.Reply;
import io.sendport.api.message.Text;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Secret;
import io.sendport.smtp.sasl.Bearer;
import io.sendport.smtp.sasl.Login;
import io.sendport.smtp.sasl.Mechanism;
import io.sendport.smtp.sasl.Ntlm;
import io.sendport.smtp.sasl.Plain;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import javax.security.sasl.SaslException;

/**
 * The AUTH dialogue (RFC 4954), of the kind that the relay's settings ask for and no other. A server that doesn't offer it, or gives a clear
 * channel where that was not allowed, gets nothing.
 */
final class LogOn {

    private static final int MOST_ROUNDS = 10;
    private static final String CANCEL = "*";

    private final SmtpConnection connection;
    private final Relay relay;
    private final Optional<Secret> token;

    LogOn(SmtpConnection connection, Optional<Secret> token) {
        this.connection = connection;
        this.relay = connection.relay();
        this.token = token;
    }

    /**
     * Logs on.
     *
     * @return the mechanism that was used, empty where none is asked for
     * @throws SmtpException of the phase AUTH
     */
    String run() throws MessagingException {
        if (relay.auth() == Relay.Auth.NONE) {
            return "";
        }
        connection.enter(Phase.AUTH);
        if (connection.tls().isEmpty() && !relay.allowClearText()) {
            throw refused(" gives a clear channel, and credentials are not sent over it", null);
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
        connection.sendCommand("AUTH " + mechanism.name() + " " + (said.isEmpty() ? "=" : said));
        for (int round = 1; connection.readServerResponse() == 334; round++) {
            try {
                if (round > MOST_ROUNDS) {
                    throw new SaslException("the server asks without end");
                }
                said = encoded(mechanism.response(decoded(connection.challenge())));
            } catch (SaslException e) {
                connection.sendCommand(CANCEL);
                connection.readServerResponse();
                throw e;
            }
            connection.sendCommand(said);
        }
        Reply reply = connection.reply();
        if (reply.code() / 100 != 2) {
            throw new SmtpException(Phase.AUTH, reply, null);
        }
        if (!mechanism.isComplete()) {
            throw new SaslException(
                    "the server says " + reply + " before it has seen what " + mechanism.name() + " has to show");
        }
    }

    private Mechanism mechanism() throws MessagingException, IOException {
        Identity account =
                relay.credentials().orElseThrow(() -> new SaslException("there is no account to log on with"));
        return switch (relay.auth()) {
            case BASIC -> offers("PLAIN") ? new Plain(account) : new Login(offered("LOGIN", account));
            case NTLM ->
                new Ntlm(
                        offered("NTLM", account),
                        LocalName.get(),
                        "SMTPSVC/" + relay.host(),
                        connection.tls().isPresent()
                                ? Optional.of(connection.tls().get().endPoint())
                                : Optional.empty(),
                        Clock.systemUTC());
            case XOAUTH2 ->
                new Bearer(
                        offered("XOAUTH2", account).user(),
                        token.orElseThrow(() -> new SaslException("there is no access token")));
            case NONE -> throw new IllegalStateException("no log-on was asked for");
        };
    }

    private boolean offers(String mechanism) {
        return connection.offersLogOn(mechanism);
    }

    private Identity offered(String mechanism, Identity account) throws SmtpException {
        if (offers(mechanism)) {
            return account;
        }
        String all = connection.getExtensionParameter("AUTH");
        throw refused(
                " does not offer auth " + relay.auth().name().toLowerCase(Locale.ROOT) + "; it offers "
                        + (all == null || all.isBlank() ? "none" : Text.printable(all)) + "; nothing was sent",
                null);
    }

    private SmtpException refused(String why, @org.jspecify.annotations.Nullable Exception cause) {
        return new SmtpException(Phase.AUTH, Reply.none(relay.address() + why), cause);
    }

    private static String encoded(byte[] response) {
        return Base64.getEncoder().encodeToString(response);
    }

    private static byte[] decoded(String challenge) throws SaslException {
        try {
            return Base64.getDecoder().decode(challenge);
        } catch (IllegalArgumentException e) {
            throw new SaslException("the server's challenge is no Base64", e);
        }
    }
}
