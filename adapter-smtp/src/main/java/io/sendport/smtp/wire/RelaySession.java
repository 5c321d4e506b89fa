package io.sendport.smtp.wire;

import io.sendport.api.adapter.Progress;
import io.sendport.api.settings.Secret;
import io.sendport.smtp.relay.Relay;
import jakarta.mail.Session;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one relay. The Jakarta Mail session has no authenticator, because with one a failed log-on is tried twice. It uses
 * no system properties.
 */
public final class RelaySession {

    /**
     * Angus logs on every connection that a server does not offer SMTPUTF8, bypassing Sendport's log. A reference is held, because
     * otherwise the level would be lost.
     */
    private static final Logger ANGUS = Logger.getLogger(SmtpConnection.class.getPackageName());

    static {
        ANGUS.setLevel(Level.WARNING);
    }

    private final Relay relay;
    private final ScheduledExecutorService watchdog;
    private final Optional<CertificateWatch> watch;
    private final @Nullable SSLSocketFactory secure;
    private final @Nullable AccessTokens tokens;

    public RelaySession(Relay relay, ScheduledExecutorService watchdog, Clock clock, Optional<CertificateWatch> watch)
            throws GeneralSecurityException, IOException {
        this.relay = relay;
        this.watchdog = watchdog;
        this.watch = watch;
        SSLContext context = relay.trust().context();
        this.secure = relay.tls() == Relay.Tls.NONE ? null : context.getSocketFactory();
        // The pinned key belongs to the relay, not to the server that issues tokens.
        SSLContext others = relay.trust().withoutPinnedKey().context();
        this.tokens = relay.account()
                .oauth2()
                .map(settings -> new AccessTokens(settings, others, clock))
                .orElse(null);
    }

    /** Trusts what {@code context} trusts, and needs no token. */
    public RelaySession(Relay relay, ScheduledExecutorService watchdog, SSLContext context) {
        this.relay = relay;
        this.watchdog = watchdog;
        this.watch = Optional.empty();
        this.secure = relay.tls() == Relay.Tls.NONE ? null : context.getSocketFactory();
        this.tokens = null;
    }

    /**
     * A connection that is logged on and ready for its first mail. If an access token is refused, one more attempt uses a new token.
     *
     * @throws SmtpException with the phase that failed
     */
    public SmtpConnection open() throws SmtpException {
        return open(Progress.NONE);
    }

    /**
     * As {@link #open()}.
     *
     * @param progress receives each phase of the dialogue until it is replaced
     * @throws SmtpException with the phase that failed
     */
    public SmtpConnection open(Progress progress) throws SmtpException {
        AccessTokens source = tokens;
        if (source == null) {
            return open(Optional.empty(), progress);
        }
        Secret token = source.current();
        try {
            return open(Optional.of(token), progress);
        } catch (SmtpException e) {
            if (e.phase() != Phase.AUTH || !e.reply().isPermanent()) {
                throw e;
            }
            source.forget(token);
            // Another connection may already have fetched a new token.
            Secret newToken = source.current();
            if (newToken.equals(token)) {
                throw e;
            }
            return open(Optional.of(newToken), progress);
        }
    }

    private SmtpConnection open(Optional<Secret> token, Progress progress) throws SmtpException {
        try {
            return open(relay, token, secure, progress);
        } catch (SmtpException e) {
            if (relay.tls() != Relay.Tls.OPPORTUNISTIC
                    || e.phase() != Phase.STARTTLS
                    || relay.trust().pinnedKey().isPresent()) {
                throw e;
            }
            SmtpConnection clear = open(relay.withoutTls(), token, null, progress);
            clear.remark("clear text, because STARTTLS failed: " + e.reply());
            return clear;
        }
    }

    private SmtpConnection open(Relay to, Optional<Secret> token, @Nullable SSLSocketFactory tls, Progress progress)
            throws SmtpException {
        SmtpConnection connection = new SmtpConnection(Session.getInstance(properties(to)), to, token, tls, watchdog);
        connection.reportTo(progress);
        connection.open();
        watch.ifPresent(each -> connection.tls().ifPresent(channel -> each.seen(to.address(), channel.peer())));
        return connection;
    }

    /** Settings for the part that Angus does: greeting, EHLO, and STARTTLS. {@link LogOn} does the log-on. */
    private static Properties properties(Relay relay) {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.localhost", relay.ehlo().orElseGet(LocalName::get));
        // UTF-8 addresses where the server accepts them; the header is ASCII regardless of this setting.
        properties.setProperty("mail.mime.allowutf8", "true");
        properties.setProperty("mail.smtp.quitwait", "false");
        properties.setProperty("mail.smtp.auth", "false");
        boolean startTls = relay.tls() == Relay.Tls.OPPORTUNISTIC || relay.tls() == Relay.Tls.REQUIRED;
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(startTls));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(relay.tls() == Relay.Tls.REQUIRED));
        return properties;
    }
}
