package io.sendport.console.access;

import io.sendport.support.text.Text;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The roles of callers. They are not a hierarchy: an administrator or operator needs the role reader to see content. */
public enum Role {
    /** Sees states, counts and problems. Personal data is replaced with pseudonyms. */
    VIEWER,
    /** Sees recipients, subjects and content unmasked. The ledger records each access. */
    READER,
    /** Submits messages, and sees only these messages. */
    SUBMITTER,
    /** Acts on messages and ports, and runs the doctor. */
    OPERATOR,
    /** Sees the unmasked ledger and verifies it. */
    AUDITOR,
    /** Sees the configuration, and reloads it in host instances. */
    ADMIN;

    /** The name of the role, as users write it. */
    public String word() {
        return Text.word(this);
    }

    /** The role that {@code word} names; empty when there is none. */
    public static Optional<Role> of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** Whether this role includes {@code needed}. Every role except submitter includes viewer. */
    public boolean includes(Role needed) {
        return this == needed || (needed == VIEWER && this != SUBMITTER);
    }
}
