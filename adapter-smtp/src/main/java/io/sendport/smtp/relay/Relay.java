package io.sendport.smtp.relay;

import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import io.sendport.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Everything that determines whether a connection is allowed, and how it is used. Two ports with equal relays share connections.
 *
 * @param host server name or address, without brackets
 * @param port TCP port
 * @param tls TLS protection of the connection
 * @param account how to log on
 * @param trust which servers to trust
 * @param ehlo the name that Sendport gives in EHLO
 * @param limits timeouts and sizes
 */
public record Relay(
        String host, int port, Tls tls, Account account, Trust trust, Optional<String> ehlo, Limits limits) {

    /** TLS protection of the connection. */
    public enum Tls {
        /** Clear text. */
        NONE(25),
        /** STARTTLS if the server offers it. */
        OPPORTUNISTIC(25),
        /** STARTTLS; without it, nothing is sent. */
        REQUIRED(587),
        /** TLS from the first byte. */
        IMPLICIT(465);

        final int standardPort;

        Tls(int standardPort) {
            this.standardPort = standardPort;
        }
    }

    /**
     * Limits of a connection.
     *
     * @param maxConnections concurrent connections
     * @param messagesPerConnection mails before a connection is replaced
     * @param idle an idle connection is closed after this
     * @param maxAge a connection is replaced after this
     * @param maxRecipients recipients of one transaction
     * @param connect timeout for a connection
     * @param read timeout for a reply
     * @param write timeout for sending data
     * @param finalReply timeout for the reply to the final dot
     */
    public record Limits(
            int maxConnections,
            int messagesPerConnection,
            Duration idle,
            Duration maxAge,
            int maxRecipients,
            Duration connect,
            Duration read,
            Duration write,
            Duration finalReply) {}

    /** Whether tls and auth have known values. */
    public static boolean hasKnownWords(Settings settings) {
        String tls = settings.text("tls", "required");
        String auth = settings.text("auth", "none");
        return Arrays.stream(Tls.values()).anyMatch(each -> each.name().equalsIgnoreCase(tls))
                && Arrays.stream(Account.Auth.values())
                        .anyMatch(each -> each.name().equalsIgnoreCase(auth));
    }

    public static Relay of(Settings settings, HostServices services) {
        String host = settings.require("host");
        Tls tls = Tls.valueOf(settings.text("tls", "required").toUpperCase(java.util.Locale.ROOT));
        int port = settings.number("port", tls.standardPort);
        int colon = host.lastIndexOf(':');
        if (colon > 0 && host.indexOf(':') == colon && !settings.has("port")) {
            port = Integer.parseInt(host.substring(colon + 1));
            host = host.substring(0, colon);
        }
        return new Relay(
                host,
                port,
                tls,
                Account.of(settings, services),
                Trust.of(settings),
                settings.text("ehlo"),
                limits(settings));
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

    /** The same relay with no timeout longer than {@code longest}. */
    public Relay within(Duration longest) {
        Limits shorter = new Limits(
                limits.maxConnections(),
                limits.messagesPerConnection(),
                limits.idle(),
                limits.maxAge(),
                limits.maxRecipients(),
                shorter(limits.connect(), longest),
                shorter(limits.read(), longest),
                shorter(limits.write(), longest),
                shorter(limits.finalReply(), longest));
        return new Relay(host, port, tls, account, trust, ehlo, shorter);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The same relay over an unencrypted connection, for tls="opportunistic" when TLS fails. */
    public Relay withoutTls() {
        return new Relay(host, port, Tls.NONE, account, trust, ehlo, limits);
    }

    /** The same relay without log-on and with any protection that it offers, to examine it without revealing anything. */
    public Relay anonymous() {
        Tls any = tls == Tls.REQUIRED ? Tls.OPPORTUNISTIC : tls;
        return new Relay(host, port, any, Account.NONE, Trust.OF_THE_JDK, ehlo, limits);
    }

    /** Whether the connection may be unencrypted. */
    public boolean mayBeUnencrypted() {
        return tls == Tls.NONE || tls == Tls.OPPORTUNISTIC;
    }

    /** {@code host:port}. */
    public String address() {
        return host + ":" + port;
    }

    /** The pool's key: every setting that determines whether a connection is allowed, with the password as a digest. */
    public List<Object> key() {
        return List.of(
                host,
                port,
                tls,
                account.allowClearText(),
                account.allowBareNtlm(),
                trust.key(),
                accountKey(),
                ehlo.orElse(""),
                limits);
    }

    /** An account at a server, as the server would lock it. */
    public List<Object> accountKey() {
        return List.of(host, account.key());
    }

    static String digest(Secret secret) {
        return Sha256.hex(secret.reveal().getBytes(StandardCharsets.UTF_8));
    }
}
