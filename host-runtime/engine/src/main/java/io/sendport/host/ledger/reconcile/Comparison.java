package io.sendport.host.ledger.reconcile;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Pairs sent and archived mails with the same Message-ID. Each pair is one delivery, because a message may have several. */
final class Comparison {

    /**
     * A delivery that the relay accepted, or may have accepted.
     *
     * @param print the fingerprint
     * @param sure whether the relay confirmed the delivery; false when it is in doubt
     * @param chosen whether to report the delivery
     * @param record the place on the ledger
     * @param message the id of the message
     */
    record Sent(String print, boolean sure, boolean chosen, String record, String message) {}

    /**
     * A mail in the archive.
     *
     * @param print the fingerprint that the ledger has too; empty if the ledger has none of its fingerprints
     * @param place the place in the archive
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
        comparison.reportUnpaired();
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

    private void reportUnpaired() {
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

    /** Removes and returns the first matching delivery, preferably a chosen one. */
    private Optional<Sent> take(Predicate<Sent> condition) {
        Optional<Sent> found = sent.stream()
                .filter(condition.and(Sent::chosen))
                .findFirst()
                .or(() -> sent.stream().filter(condition).findFirst());
        found.ifPresent(sent::remove);
        return found;
    }

    List<Difference> differences() {
        return differences;
    }

    /** Returns the number of chosen deliveries that are on the ledger and in the archive. */
    long both() {
        return both;
    }

    /** Returns the number of chosen deliveries that are in doubt on the ledger, but in the archive. */
    long arrived() {
        return arrived;
    }

    /** Returns the number of chosen deliveries that are in doubt on the ledger, and not in the archive. */
    long unknown() {
        return unknown;
    }
}
