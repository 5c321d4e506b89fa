package io.sendport.smtp;

import io.sendport.api.component.HostServices;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Everything that decides whether a connection may exist, and how it is used. Two ports with equal relays share connections.
 *
 * @param host server name or address, without brackets
 * @param port TCP port
 * @param tls protection of the channel
 * @param auth how to log on
 * @param credentials the account, unless auth is none
 * @param allowClearText whether to log on over a clear channel
 * @param trustStore authorities to trust instead of the JDK's
 * @param trustStorePassword its password
 * @param clientKey our own certificate with its key
 * @param clientKeyPassword its password
 * @param pinnedKey SHA-256 of the server's public key, base64, that alone is taken
 * @param oauth2 where access tokens come from
 * @param ehlo what to call ourselves
 * @param limits time-outs and sizes
 */
record Relay(
        String host,
        int port,
        Tls tls,
        Auth auth,
        Optional<Identity> credentials,
        boolean allowClearText,
        Optional<Path> trustStore,
        Optional<Secret> trustStorePassword,
        Optional<Path> clientKey,
        Optional<Secret> clientKeyPassword,
        Optional<String> pinnedKey,
        Optional<OAuth2> oauth2,
        Optional<String> ehlo,
        Limits limits) {

    /** Protection of the channel. */
    enum Tls {
        /** Clear text. */
        NONE(25),
        /** STARTTLS where offered. */
        OPPORTUNISTIC(25),
        /** STARTTLS or nothing. */
        REQUIRED(587),
        /** TLS from the first byte. */
        IMPLICIT(465);

        final int standardPort;

        Tls(int standardPort) {
            this.standardPort = standardPort;
        }
    }

    /** How to log on. */
    enum Auth {
        /** Not at all. */
        NONE,
        /** PLAIN or LOGIN. */
        BASIC,
        /** NTLM, version 2. */
        NTLM,
        /** XOAUTH2 with an access token. */
        XOAUTH2
    }

    /**
     * Bounds.
     *
     * @param maxConnections at once
     * @param messagesPerConnection before a connection is renewed
     * @param idle an idle connection is closed after this
     * @param maxAge a connection is renewed after this
     * @param maxRecipients in one transaction
     * @param connect wait for a connection
     * @param read wait for an answer
     * @param write wait for the network to take what we send
     * @param finalReply wait for the answer to the final dot
     */
    record Limits(
            int maxConnections,
            int messagesPerConnection,
            Duration idle,
            Duration maxAge,
            int maxRecipients,
            Duration connect,
            Duration read,
            Duration write,
            Duration finalReply) {}

    /** Whether tls and auth are words that stand for something here. */
    static boolean knows(Settings settings) {
        String tls = settings.text("tls", "required");
        String auth = settings.text("auth", "none");
        return Arrays.stream(Tls.values()).anyMatch(each -> each.name().equalsIgnoreCase(tls))
                && Arrays.stream(Auth.values()).anyMatch(each -> each.name().equalsIgnoreCase(auth));
    }

    static Relay of(Settings given, HostServices services) {
        Settings settings = SsisConnection.translated(given);
        String host = settings.require("host");
        Tls tls = Tls.valueOf(settings.text("tls", "required").toUpperCase(java.util.Locale.ROOT));
        int port = settings.number("port", tls.standardPort);
        int colon = host.lastIndexOf(':');
        if (colon > 0 && host.indexOf(':') == colon && !settings.has("port")) {
            port = Integer.parseInt(host.substring(colon + 1));
            host = host.substring(0, colon);
        }
        Auth auth = Auth.valueOf(settings.text("auth", "none").toUpperCase(java.util.Locale.ROOT));
        return new Relay(
                host,
                port,
                tls,
                auth,
                credentials(settings, auth, services),
                settings.flag("allowClearText", false),
                settings.path("trustStore"),
                settings.secret("trustStorePassword"),
                settings.path("clientKey"),
                settings.secret("clientKeyPassword"),
                settings.text("pinnedKey"),
                auth == Auth.XOAUTH2 ? settings.child("oauth2").map(OAuth2::of) : Optional.empty(),
                settings.text("ehlo"),
                limits(settings));
    }

    private static Optional<Identity> credentials(Settings settings, Auth auth, HostServices services) {
        if (auth == Auth.NONE) {
            return Optional.empty();
        }
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

    private static Limits limits(Settings settings) {
        return new Limits(
                settings.number("maxConnections", 4),
                settings.number("messagesPerConnection", 100),
                settings.duration("idleTimeout", Duration.ofSeconds(30)),
                settings.duration("maxAge", Duration.ofMinutes(5)),
                settings.number("maxRecipients", 100),
                settings.duration("connectTimeout", Duration.ofSeconds(30)),
                settings.duration("readTimeout", Duration.ofMinutes(5)),
                settings.duration("writeTimeout", Duration.ofMinutes(5)),
                settings.duration("finalReplyTimeout", Duration.ofMinutes(10)));
    }

    /** The same relay over a clear channel, for tls="opportunistic" where TLS fails. */
    Relay inTheClear() {
        return new Relay(
                host,
                port,
                Tls.NONE,
                auth,
                credentials,
                allowClearText,
                trustStore,
                trustStorePassword,
                clientKey,
                clientKeyPassword,
                pinnedKey,
                oauth2,
                ehlo,
                limits);
    }

    /** To look at the same server without giving anything away: no log-on, whatever protection it offers. */
    Relay asStranger() {
        return new Relay(
                host,
                port,
                tls == Tls.REQUIRED ? Tls.OPPORTUNISTIC : tls,
                Auth.NONE,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ehlo,
                limits);
    }

    /** {@code host:port}. */
    String address() {
        return host + ":" + port;
    }

    /** The pool's key: every setting that decides whether a connection may exist, the password as a digest. */
    List<Object> key() {
        return List.of(
                host,
                port,
                tls,
                allowClearText,
                trustStore.map(Path::toString).orElse(""),
                clientKey.map(Path::toString).orElse("")
                        + clientKeyPassword.map(Relay::digest).orElse("")
                        + trustStorePassword.map(Relay::digest).orElse(""),
                pinnedKey.orElse(""),
                account(),
                ehlo.orElse(""),
                limits);
    }

    /** An account at a server: what the server would lock. */
    List<Object> account() {
        return List.of(
                host,
                auth,
                credentials
                        .map(account -> account.domain() + "\\" + account.user() + "\\" + digest(account.password()))
                        .orElse(""),
                oauth2.map(Relay::secrets).orElse(""));
    }

    private static String secrets(OAuth2 oauth2) {
        return oauth2 + " " + oauth2.scope() + " "
                + oauth2.clientSecret().map(Relay::digest).orElse("") + " "
                + oauth2.refreshToken().map(Relay::digest).orElse("");
    }

    private static String digest(Secret secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(secret.reveal().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
