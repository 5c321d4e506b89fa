package io.sendport.component.dkim;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of {@code <dkim>}. Immutable and thread-safe.
 *
 * @param domain the signing domain, ASCII and lower case
 * @param selector the name of the key among the keys of the domain
 * @param key the key pair
 * @param fields the header fields that are signed
 */
record DkimSettings(String domain, String selector, RsaKey key, SignedFields fields) {

    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern DOMAIN = Pattern.compile(LABEL + "(?:\\." + LABEL + ")+");
    private static final Pattern SELECTOR = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
    private static final int MAX_NAME = 253;

    /** All problems of {@code settings}; empty when {@link #of} accepts them. */
    static List<Problem> problems(Settings settings) {
        List<Problem> problems = new ArrayList<>();
        requireName(settings, "domain", DOMAIN, "a domain such as example.org, in ASCII form")
                .ifPresent(problems::add);
        requireName(settings, "selector", SELECTOR, "a name such as s1").ifPresent(problems::add);
        if (problems.isEmpty() && recordName(settings).length() > MAX_NAME) {
            problems.add(settings.problem(
                    "selector",
                    "the name of the DNS record, " + recordName(settings) + ", is too long",
                    "expected at most " + MAX_NAME + " characters"));
        }
        try {
            fields(settings);
        } catch (IllegalArgumentException e) {
            problems.add(settings.problem(
                    "headers", String.valueOf(e.getMessage()), "expected names such as List-Unsubscribe, X-Invoice"));
        }
        if (settings.text("signingKey").isEmpty()) {
            problems.add(settings.problem(
                    "signingKey", "is missing", "set it to a PEM file with an RSA private key of 2048 to 4096 bits"));
        } else {
            try {
                key(settings);
            } catch (DkimException e) {
                problems.add(settings.problem("signingKey", String.valueOf(e.getMessage()), RsaKey.HOW_TO_MAKE));
            }
        }
        return problems;
    }

    private static Optional<Problem> requireName(Settings settings, String name, Pattern pattern, String expected) {
        Optional<String> value = settings.text(name);
        if (value.isEmpty()) {
            return Optional.of(settings.problem(name, "is missing", "expected " + expected));
        }
        return pattern.matcher(value.get()).matches() && value.get().length() <= MAX_NAME
                ? Optional.empty()
                : Optional.of(settings.problem(name, "\"" + value.get() + "\" is not valid", "expected " + expected));
    }

    private static String recordName(Settings settings) {
        return settings.text("selector", "") + "._domainkey." + settings.text("domain", "");
    }

    private static SignedFields fields(Settings settings) {
        return SignedFields.parse(settings.text("headers", ""));
    }

    private static RsaKey key(Settings settings) throws DkimException {
        Path file = settings.path("signingKey").orElseThrow();
        return RsaKey.read(
                file,
                settings.secret("signingKeyPassword").map(Secret::revealChars).orElse(new char[0]));
    }

    /**
     * Reads the key.
     *
     * @throws DkimException with the first problem
     */
    static DkimSettings of(Settings settings) throws DkimException {
        Optional<Problem> wrong = problems(settings).stream().findFirst();
        if (wrong.isPresent()) {
            throw new DkimException(wrong.get().toString());
        }
        return new DkimSettings(
                settings.require("domain").toLowerCase(Locale.ROOT),
                settings.require("selector").toLowerCase(Locale.ROOT),
                key(settings),
                fields(settings));
    }

    /** The name of the DNS record with the public key, without a dot at its end. */
    String recordName() {
        return selector + "._domainkey." + domain;
    }

    /** The text of that record. */
    String record() {
        return "v=DKIM1; k=rsa; p=" + key.published();
    }
}
