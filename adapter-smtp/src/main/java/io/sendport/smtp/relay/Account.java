package io.sendport.smtp.relay;

import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How Sendport logs on, and with which account.
 *
 * @param auth the method
 * @param identity the account; with {@code gssapi} the ticket may determine it
 * @param allowClearText whether log-on over an unencrypted connection is allowed
 * @param allowBareNtlm whether NTLM servers without target information are allowed
 * @param oauth2 the source of access tokens
 * @param ticketCache the file of Kerberos tickets, unless in the default place
 */
public record Account(
        Auth auth,
        Optional<Identity> identity,
        boolean allowClearText,
        boolean allowBareNtlm,
        Optional<OAuth2> oauth2,
        Optional<Path> ticketCache) {

    /** No log-on. */
    public static final Account NONE =
            new Account(Auth.NONE, Optional.empty(), false, false, Optional.empty(), Optional.empty());

    /** The log-on method. */
    public enum Auth {
        /** No log-on. */
        NONE(""),
        /** User and password. */
        BASIC("PLAIN LOGIN"),
        /** NTLM, version 2. */
        NTLM("NTLM"),
        /** An access token. */
        XOAUTH2("XOAUTH2"),
        /** A Kerberos ticket. */
        GSSAPI("GSSAPI");

        private final String mechanisms;

        Auth(String mechanisms) {
            this.mechanisms = mechanisms;
        }

        /** The SASL mechanisms of this method; the first one that the server offers is used. */
        public List<String> mechanisms() {
            return this == NONE ? List.of() : List.of(mechanisms.split(" "));
        }

        /** The word in the configuration. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Account of(Settings settings, HostServices services) {
        Auth auth = Auth.valueOf(settings.text("auth", "none").toUpperCase(Locale.ROOT));
        return auth == Auth.NONE
                ? NONE
                : new Account(
                        auth,
                        identity(settings, auth, services),
                        settings.flag("allowClearText", false),
                        settings.flag("allowBareNtlm", false),
                        auth == Auth.XOAUTH2 ? settings.child("oauth2").map(OAuth2::of) : Optional.empty(),
                        settings.path("ticketCache"));
    }

    private static Optional<Identity> identity(Settings settings, Auth auth, HostServices services) {
        Optional<String> user = settings.text("user");
        if (user.isEmpty() && auth == Auth.NTLM) {
            return services.identity();
        }
        Secret password = settings.secret("password").orElse(new Secret(""));
        return user.map(name -> {
            int backslash = auth == Auth.NTLM && !settings.has("domain") ? name.indexOf('\\') : -1;
            return backslash < 0
                    ? new Identity(settings.text("domain", ""), name, password)
                    : new Identity(name.substring(0, backslash), name.substring(backslash + 1), password);
        });
    }

    public boolean logsOn() {
        return auth != Auth.NONE;
    }

    /** What a server would lock after too many refusals, with secrets as digests. */
    List<Object> key() {
        return List.of(
                auth,
                identity.map(who -> who.domain() + "\\" + who.user() + "\\" + Relay.digest(who.password()))
                        .orElse(""),
                ticketCache.map(Path::toString).orElse(""),
                oauth2.map(Account::secrets).orElse(""));
    }

    private static String secrets(OAuth2 oauth2) {
        return oauth2 + " " + oauth2.scope() + " "
                + oauth2.clientSecret().map(Relay::digest).orElse("") + " "
                + oauth2.refreshToken().map(Relay::digest).orElse("");
    }
}
