package io.sendport.host.submission;

import io.sendport.api.mail.MailAddress;
import io.sendport.config.SubmissionSettings.Mapping;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The envelope of the mail that a client is submitting: its sender and, by target, its recipients. For one thread. */
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
     * @param declaredSize bytes that the client declared; 0 when it declared none
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

    /** Recipients by the target of their mail, in the order in which they were named. */
    Map<Mapping, Set<MailAddress>> recipients() {
        return Collections.unmodifiableMap(recipients);
    }

    int count() {
        return recipients.values().stream().mapToInt(Set::size).sum();
    }
}
