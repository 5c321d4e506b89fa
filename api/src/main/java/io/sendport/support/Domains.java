package io.sendport.support;

import io.sendport.api.mail.MailAddress;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A list of allowed domains: {@code customer.example}, {@code *.partner.example} for all below it but not itself, {@code *} for all. IDN
 * and ASCII forms are the same.
 *
 * @param patterns in lower case and ASCII form
 */
public record Domains(List<String> patterns) {

    /** Copies the list. */
    public Domains {
        patterns = List.copyOf(patterns);
    }

    /**
     * Separated by blanks, commas or semicolons.
     *
     * @throws IllegalArgumentException when there is none, or one is no domain
     */
    public static Domains parse(String text) {
        List<String> patterns = new ArrayList<>();
        for (String word : text.strip().split("[ ,;]+")) {
            boolean below = word.startsWith("*.");
            String domain = below ? word.substring(2) : word;
            if (!word.equals("*")) {
                // An address knows what a domain is.
                domain = new MailAddress("x", domain).withAsciiDomain().domain();
            }
            patterns.add((below ? "*." : "") + domain);
        }
        return new Domains(patterns);
    }

    /** Whether mail may go to {@code address}. A local part that names a route to another domain may only where all domains may. */
    public boolean allow(MailAddress address) {
        return refusal(address).isEmpty();
    }

    /** Why no mail may go to {@code address}; empty when it may. */
    public Optional<String> refusal(MailAddress address) {
        if (patterns.contains("*")) {
            return Optional.empty();
        }
        if (!holds(address)) {
            return Optional.of("its domain is not one of " + patterns);
        }
        return address.namesRoute()
                ? Optional.of(
                        "some servers read %, ! or @ in the part before the @ as the way to another domain, so only"
                                + " domains=\"*\" allows it")
                : Optional.empty();
    }

    private boolean holds(MailAddress address) {
        String domain = address.domain().startsWith("[")
                ? address.domain()
                : IDN.toASCII(address.domain()).toLowerCase(Locale.ROOT);
        return patterns.stream()
                .anyMatch(pattern ->
                        pattern.equals(domain) || (pattern.startsWith("*.") && domain.endsWith(pattern.substring(1))));
    }
}
