package io.sendport.config;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Secret;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code <console>} element: where the HTTP API is served, and how callers prove who they are. Immutable; null is never allowed.
 *
 * @param address the address to listen on
 * @param port TCP port
 * @param hostNames the names that requests may use, in addition to addresses and this machine's own names
 * @param tls the server certificate; empty for plain HTTP
 * @param tokens the file of tokens, which need not exist
 * @param proxy the trusted reverse proxy; empty for none
 * @param origin the position in the configuration
 */
public record ConsoleSettings(
        String address,
        int port,
        Set<String> hostNames,
        Optional<Tls> tls,
        Path tokens,
        Optional<Proxy> proxy,
        Origin origin) {

    /** The default port. */
    public static final int STANDARD_PORT = 9877;

    /** Copies the set and keeps its order. */
    public ConsoleSettings {
        hostNames = Collections.unmodifiableSet(new LinkedHashSet<>(hostNames));
    }

    /**
     * The element {@code <tls>}.
     *
     * @param keyStore a PKCS#12 file with key and certificates
     * @param password the password of the file
     */
    public record Tls(Path keyStore, Secret password) {}

    /**
     * The element {@code <proxy>}: a reverse proxy that authenticates people.
     *
     * @param addresses the addresses that it connects from
     * @param secret the secret by which the proxy identifies itself
     * @param userHeader the header field with the user's name
     * @param rolesHeader the header field with the user's roles
     */
    public record Proxy(Set<String> addresses, Secret secret, String userHeader, String rolesHeader) {

        /** Copies the set. */
        public Proxy {
            addresses = Set.copyOf(addresses);
        }
    }

    /** The settings of a console that is not configured: at a free port of 127.0.0.1, without TLS. */
    public static ConsoleSettings onLoopback(Path tokens) {
        return new ConsoleSettings(
                "127.0.0.1", 0, Set.of(), Optional.empty(), tokens, Optional.empty(), new Origin(tokens, 1, 1));
    }

    /** The URL by which people reach the console. */
    public String url() {
        return url(address, port, tls.isPresent(), hostNames);
    }

    /** As {@link #url()}, from its parts. Uses the first host name where there is one, otherwise this machine's loopback address. */
    public static String url(String address, int port, boolean isSecure, Set<String> hostNames) {
        boolean isAny = address.equals("0.0.0.0") || address.equals("::");
        String host = hostNames.stream().findFirst().orElse(isAny ? "localhost" : address);
        return (isSecure ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** The default file of tokens for a store at {@code place}. */
    public static Path standardTokens(Path place) {
        return place.resolveSibling(place.getFileName() + ".tokens");
    }
}
