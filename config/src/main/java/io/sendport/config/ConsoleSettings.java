package io.sendport.config;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Secret;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code <console>} element: where the HTTP API is served, and how callers show who they are. Immutable; null is never allowed.
 *
 * @param address to listen on
 * @param port TCP port
 * @param hostNames under which it may be asked, beside addresses and this machine's own names
 * @param tls the certificate that it shows; empty: plain HTTP
 * @param tokens the file of tokens, which need not be there
 * @param proxy the reverse proxy that is believed; empty: none
 * @param origin where it stands
 */
public record ConsoleSettings(
        String address,
        int port,
        Set<String> hostNames,
        Optional<Tls> tls,
        Path tokens,
        Optional<Proxy> proxy,
        Origin origin) {

    /** The port unless configured. */
    public static final int STANDARD_PORT = 9877;

    /** Copies the set, in its order. */
    public ConsoleSettings {
        hostNames = Collections.unmodifiableSet(new LinkedHashSet<>(hostNames));
    }

    /**
     * The element {@code <tls>}.
     *
     * @param keyStore a PKCS#12 file with key and certificates
     * @param password of it
     */
    public record Tls(Path keyStore, Secret password) {}

    /**
     * The element {@code <proxy>}: a reverse proxy that logs people on.
     *
     * @param addresses from which it connects
     * @param secret what it sends to show that it is the proxy
     * @param userHeader the field that names the user
     * @param rolesHeader the field that has the user's roles
     */
    public record Proxy(Set<String> addresses, Secret secret, String userHeader, String rolesHeader) {

        /** Copies the set. */
        public Proxy {
            addresses = Set.copyOf(addresses);
        }
    }

    /** Of a console that nobody configured: at a free port of 127.0.0.1, in the clear. */
    public static ConsoleSettings onLoopback(Path tokens) {
        return new ConsoleSettings(
                "127.0.0.1", 0, Set.of(), Optional.empty(), tokens, Optional.empty(), new Origin(tokens, 1, 1));
    }

    /** The address by which people ask it. */
    public String url() {
        return url(address, port, tls.isPresent(), hostNames);
    }

    /** As {@link #url()}, of its parts: by the first of its names where it has any, and by this machine's loopback address otherwise. */
    public static String url(String address, int port, boolean isSecure, Set<String> hostNames) {
        boolean isAny = address.equals("0.0.0.0") || address.equals("::");
        String host = hostNames.stream().findFirst().orElse(isAny ? "localhost" : address);
        return (isSecure ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** The file of tokens of a store that has its place at {@code place}, unless one is configured. */
    public static Path standardTokens(Path place) {
        return place.resolveSibling(place.getFileName() + ".tokens");
    }
}
