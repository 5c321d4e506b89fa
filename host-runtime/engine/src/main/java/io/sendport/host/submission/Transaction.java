package io.sendport.host.submission;

import io.sendport.api.mail.MailAddress;
import io.sendport.config.SubmissionSettings.Mapping;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The envelope of the mail that a client is submitting: its sender, and its recipients by mapping. For one thread. */
final class Transaction {

    private final Optional<MailAddress> sender;
    private final boolean utf8;
    private final long declaredSize;
    private final Map<Mapping, Set<MailAddress>> recipients = new LinkedHashMap<>();

    /**
     * An envelope without recipients.
     *
     * @param sender empty for {@code <>}
     * @param utf8 whether addresses may contain non-ASCII letters
     * @param declaredSize the size in bytes that the client declared; 0 when it declared none
     */
    Transaction(Optional<MailAddress> sender, boolean utf8, long declaredSize) {
        this.sender = sender;
        this.utf8 = utf8;
        this.declaredSize = declaredSize;
    }

    Optional<MailAddress> sender() {
        return sender;
    }

    boolean isUtf8() {
        return utf8;
    }

    long declaredSize() {
        return declaredSize;
    }

    void add(Mapping where, MailAddress recipient) {
        recipients.computeIfAbsent(where, each -> new LinkedHashSet<>()).add(recipient);
    }

    /** The recipients by mapping, in the order in which the client named them. */
    Map<Mapping, Set<MailAddress>> recipients() {
        return Collections.unmodifiableMap(recipients);
    }

    int count() {
        return recipients.values().stream().mapToInt(Set::size).sum();
    }
}
