package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import io.sendport.config.ConsoleSettings;
import io.sendport.support.LoopbackAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code <console>}. */
final class ConsoleBuilder {

    private static final int MIN_SECRET = 20;
    /** Matches only IPv4 and IPv6 addresses, so that no name is looked up. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    /** A field name of HTTP (RFC 9110 section 5.1). */
    private static final Pattern FIELD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");

    private ConsoleBuilder() {}

    /**
     * The settings. Problems are added to {@code problems}.
     *
     * @param place the place of the message box; the file of tokens is beside it unless configured
     */
    static ConsoleSettings console(Settings console, Path place, List<Problem> problems) {
        for (String element : List.of("tls", "tokens", "proxy")) {
            ConfigurationBuilder.atMostOne(console, element, problems);
        }
        String address = console.text("address", "127.0.0.1");
        Optional<ConsoleSettings.Tls> tls = console.child("tls").map(each -> tls(each, problems));
        Optional<ConsoleSettings.Proxy> proxy = console.child("proxy").map(each -> proxy(each, problems));
        if (!LoopbackAddress.isOf(address) && tls.isEmpty() && proxy.isEmpty()) {
            problems.add(
                    console.problem(
                            "address",
                            "\"" + address
                                    + "\" can be reached from other machines, and tokens would cross the network in clear text",
                            "add <tls keyStore=\"...\" password=\"...\"/>, or <proxy .../> for a proxy with TLS, or leave address out"));
        }
        Path tokens = console.child("tokens")
                .flatMap(each -> each.path("file"))
                .orElseGet(() -> ConsoleSettings.standardTokens(place));
        return new ConsoleSettings(
                address,
                console.text("port").map(Integer::valueOf).orElse(ConsoleSettings.STANDARD_PORT),
                hostNames(console),
                tls,
                tokens,
                proxy,
                console.origin());
    }

    /** The element {@code <tls>} of a server. */
    static ConsoleSettings.Tls tls(Settings tls, List<Problem> problems) {
        Path keyStore = tls.path("keyStore").orElse(Path.of(""));
        if (!Files.isReadable(keyStore)) {
            problems.add(tls.problem("keyStore", keyStore + " cannot be read", "expected a PKCS#12 file"));
        }
        return new ConsoleSettings.Tls(keyStore, new Secret(tls.text("password", "")));
    }

    private static ConsoleSettings.Proxy proxy(Settings proxy, List<Problem> problems) {
        Set<String> addresses = words(proxy.text("addresses", ""));
        if (addresses.isEmpty()) {
            problems.add(proxy.problem("addresses", "has no address", "expected an address such as 10.1.2.3"));
        }
        for (String each : addresses) {
            if (!ADDRESS.matcher(each).matches()) {
                problems.add(proxy.problem(
                        "addresses",
                        "\"" + each + "\" is not an address",
                        "expected an address such as 10.1.2.3 or 2001:db8::1"));
            }
        }
        Secret secret = new Secret(proxy.text("secret", ""));
        if (secret.reveal().length() < MIN_SECRET) {
            problems.add(proxy.problem(
                    "secret",
                    "is shorter than " + MIN_SECRET + " characters",
                    "use a long random value, preferably from {{file:PATH}}"));
        }
        return new ConsoleSettings.Proxy(
                addresses,
                secret,
                field(proxy, "userHeader", "X-Forwarded-User", problems),
                field(proxy, "rolesHeader", "X-Forwarded-Roles", problems));
    }

    private static String field(Settings proxy, String attribute, String otherwise, List<Problem> problems) {
        String name = proxy.text(attribute, otherwise);
        if (!FIELD.matcher(name).matches()) {
            problems.add(proxy.problem(
                    attribute,
                    "\"" + name + "\" is not a valid header field name",
                    "use letters, digits and hyphens, such as X-Forwarded-User"));
        }
        return name;
    }

    /** The host names in the order in which they are written. */
    static Set<String> hostNames(Settings console) {
        return words(console.text("hostNames", "").toLowerCase(Locale.ROOT));
    }

    private static Set<String> words(String text) {
        Set<String> words = new LinkedHashSet<>(List.of(text.strip().split("\\s+")));
        words.remove("");
        return words;
    }
}
