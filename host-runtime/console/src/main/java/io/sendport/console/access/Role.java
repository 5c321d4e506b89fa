package io.sendport.console.access;

import io.sendport.support.text.Text;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do. Not a tree: who administers or operates does not read content unless that role is given as well. */
public enum Role {
    /** Sees states, figures and problems; whom messages concern stands under pseudonyms. */
    VIEWER,
    /** Sees recipients, subjects and content as they are; each look is on the ledger. */
    READER,
    /** Submits messages, and sees those alone. */
    SUBMITTER,
    /** Acts on messages and ports. */
    OPERATOR,
    /** Sees and verifies the ledger, as it was recorded. */
    AUDITOR,
    /** Has instances take over a changed configuration, and sees the configuration. */
    ADMIN;

    /** The role as users write it. */
    public String word() {
        return Text.word(this);
    }

    /** The role that {@code word} names; empty when there is none. */
    public static Optional<Role> of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** Whether whoever has this role may do what {@code needed} may: all but submitters see what a viewer sees. */
    public boolean includes(Role needed) {
        return this == needed || (needed == VIEWER && this != SUBMITTER);
    }
}
