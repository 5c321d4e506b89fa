package io.sendport.component.dkim;

import io.sendport.api.mail.HeaderFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The header fields that a signature covers. The signature names each field once more than the mail contains it, so that an added field
 * invalidates the signature (RFC 6376 section 8.15).
 *
 * @param further the names of fields in addition to those that every signature covers
 */
record SignedFields(List<String> further) {

    /** Fields that are covered even if the mail does not contain them. */
    private static final List<String> ALWAYS = List.of(
            "From",
            "Reply-To",
            "Subject",
            "To",
            "Cc",
            "Date",
            "Message-ID",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding");

    /** Fields that are covered only if the mail contains them, because a relay or a mailing list may add them. */
    private static final List<String> WHERE_PRESENT =
            List.of("Sender", "In-Reply-To", "References", "Content-Disposition", "Content-ID", "Content-Description");

    /** Fields that a relay adds, removes or changes. */
    private static final Set<String> NEVER = Set.of(
            "bcc", "return-path", "received", "dkim-signature", "authentication-results", "delivered-to", "x-received");

    private static final int MAX_COUNT = 50;

    /** Copies the list. */
    SignedFields {
        further = List.copyOf(further);
    }

    /**
     * Reads {@code headers}: names, separated by commas or spaces.
     *
     * @throws IllegalArgumentException with the first name that cannot be signed, and the reason
     */
    static SignedFields parse(String text) {
        List<String> names = new ArrayList<>();
        for (String name : text.split("[,;\\s]+")) {
            if (!name.isEmpty()) {
                refusal(name).ifPresent(why -> {
                    throw new IllegalArgumentException("\"" + name + "\" " + why);
                });
                names.add(name);
            }
        }
        if (names.size() > MAX_COUNT) {
            throw new IllegalArgumentException("has " + names.size() + " names; expected at most " + MAX_COUNT);
        }
        return new SignedFields(names);
    }

    private static Optional<String> refusal(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!lower.matches("[!-9<-~]{1,78}")) {
            return Optional.of("is not a valid header field name");
        }
        return NEVER.contains(lower) || lower.startsWith("arc-") || lower.startsWith("resent-")
                ? Optional.of("cannot be signed, because servers on the way add or change it")
                : Optional.empty();
    }

    /** The names for a mail with these fields. Each occurs once more than in {@code header}. */
    List<List<String>> of(HeaderFields header) {
        List<List<String>> groups = new ArrayList<>();
        Set<String> done = new java.util.HashSet<>();
        for (String name : ALWAYS) {
            add(name, header, done, groups);
        }
        for (String name : WHERE_PRESENT) {
            if (header.first(name).isPresent()) {
                add(name, header, done, groups);
            }
        }
        for (String name : further) {
            add(name, header, done, groups);
        }
        return groups;
    }

    private static void add(String name, HeaderFields header, Set<String> done, List<List<String>> groups) {
        if (done.add(name.toLowerCase(Locale.ROOT))) {
            long count = header.names().stream().filter(name::equalsIgnoreCase).count();
            groups.add(java.util.Collections.nCopies(Math.toIntExact(count) + 1, name));
        }
    }
}
