package io.sendport.host.ledger.reconcile;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Pairs sent and archived mails with the same Message-ID. Each mail is one delivery, because a message may have several. */
final class Comparison {

    /**
     * A delivery that the relay accepted, or may have accepted.
     *
     * @param print its fingerprint
     * @param sure whether the relay confirmed it; false when in doubt
     * @param chosen whether it is part of the question
     * @param record place on the ledger
     * @param message id of the message
     */
    record Sent(String print, boolean sure, boolean chosen, String record, String message) {}

    /**
     * A mail in the archive.
     *
     * @param print the fingerprint that is on the ledger; empty when none of its fingerprints is
     * @param place where it was found
     */
    record Kept(String print, String place) {}

    private final String mimeMessageId;
    private final List<Sent> sent;
    private final List<Kept> kept;
    private final List<Difference> differences = new ArrayList<>();
    private long both;
    private long arrived;
    private long unknown;

    private Comparison(String mimeMessageId, List<Sent> sent, List<Kept> kept) {
        this.mimeMessageId = mimeMessageId;
        this.sent = new ArrayList<>(sent);
        this.kept = new ArrayList<>(kept);
    }

    static Comparison of(String mimeMessageId, List<Sent> sent, List<Kept> kept) {
        Comparison comparison = new Comparison(mimeMessageId, sent, kept);
        comparison.pairEqual();
        comparison.pairDifferent();
        comparison.tellRest();
        return comparison;
    }

    private void pairEqual() {
        for (Iterator<Kept> each = kept.iterator(); each.hasNext(); ) {
            Kept mail = each.next();
            Optional<Sent> pair = mail.print().isEmpty()
                    ? Optional.empty()
                    : take(one -> one.sure() && one.print().equals(mail.print()))
                            .or(() -> take(one -> one.print().equals(mail.print())));
            if (pair.isPresent()) {
                each.remove();
                both += pair.get().chosen() && pair.get().sure() ? 1 : 0;
                arrived += pair.get().chosen() && !pair.get().sure() ? 1 : 0;
            }
        }
    }

    private void pairDifferent() {
        for (Iterator<Kept> each = kept.iterator(); each.hasNext(); ) {
            Kept mail = each.next();
            Optional<Sent> pair = take(Sent::sure).or(() -> take(one -> true));
            if (pair.isPresent()) {
                each.remove();
                if (pair.get().chosen()) {
                    differences.add(new Difference(
                            Difference.Kind.DIFFERS,
                            mimeMessageId,
                            pair.get().record(),
                            pair.get().message(),
                            mail.place()));
                }
            }
        }
    }

    private void tellRest() {
        for (Sent each : sent) {
            if (each.chosen() && each.sure()) {
                differences.add(
                        new Difference(Difference.Kind.LEDGER_ONLY, mimeMessageId, each.record(), each.message(), ""));
            } else if (each.chosen()) {
                unknown++;
            }
        }
        for (Kept each : kept) {
            differences.add(new Difference(Difference.Kind.ARCHIVE_ONLY, mimeMessageId, "", "", each.place()));
        }
    }

    /** Removes and returns the first that fits, with a preference for chosen ones. */
    private Optional<Sent> take(Predicate<Sent> fits) {
        Optional<Sent> found = sent.stream()
                .filter(fits.and(Sent::chosen))
                .findFirst()
                .or(() -> sent.stream().filter(fits).findFirst());
        found.ifPresent(sent::remove);
        return found;
    }

    List<Difference> differences() {
        return differences;
    }

    /** On the ledger and in the archive. */
    long both() {
        return both;
    }

    /** In doubt on the ledger, and in the archive. */
    long arrived() {
        return arrived;
    }

    /** In doubt on the ledger, and not in the archive. */
    long unknown() {
        return unknown;
    }
}
