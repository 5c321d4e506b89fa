package io.sendport.support;

import io.sendport.api.mail.MailAddress;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A list of allowed domains: {@code customer.example}, {@code *.partner.example} for all subdomains but not the domain itself, {@code *}
 * for all. IDN and ASCII forms are the same.
 *
 * @param patterns in lower case and ASCII form
 */
public record Domains(List<String> patterns) {

    /** Copies the list. */
    public Domains {
        patterns = List.copyOf(patterns);
    }

    /**
     * Parses domains that are separated by blanks, commas or semicolons.
     *
     * @throws IllegalArgumentException when there is none, or one is not a domain
     */
    public static Domains parse(String text) {
        List<String> patterns = new ArrayList<>();
        for (String word : text.strip().split("[ ,;]+")) {
            boolean below = word.startsWith("*.");
            String domain = below ? word.substring(2) : word;
            if (!word.equals("*")) {
                // MailAddress checks the domain.
                domain = new MailAddress("x", domain).withAsciiDomain().domain();
            }
            patterns.add((below ? "*." : "") + domain);
        }
        return new Domains(patterns);
    }

    /** Whether mail may go to {@code address}. If the local part names a route to another domain, all domains must be allowed. */
    public boolean allow(MailAddress address) {
        return refusal(address).isEmpty();
    }

    /** Why mail must not go to {@code address}; empty when it may. */
    public Optional<String> refusal(MailAddress address) {
        if (patterns.contains("*")) {
            return Optional.empty();
        }
        if (!holds(address)) {
            return Optional.of("its domain is not one of " + patterns);
        }
        if (!address.namesRoute()) {
            return Optional.empty();
        }
        char route = address.localPart().replaceAll("[^%!@]", "").charAt(0);
        return Optional.of(
                "the character " + route + " before the @ is refused, because some servers read it as a route"
                        + " to another domain. Correct the address; only domains=\"*\" allows it");
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
