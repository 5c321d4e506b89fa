package io.sendport.host.operate;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.DayReport;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.Notice;
import io.sendport.host.ledger.checkpoint.Trust;
import io.sendport.host.ledger.privacy.Pseudonyms;
import io.sendport.host.ledger.reconcile.Archive;
import io.sendport.host.ledger.reconcile.Difference;
import io.sendport.host.ledger.reconcile.Reconciliation;
import io.sendport.host.ledger.verify.ExportVerification;
import io.sendport.host.ledger.verify.Inclusion;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.store.SqliteLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads the audit ledger, and verifies it. */
public final class Audit {

    private final Routing routing;
    private final MessageBox box;

    Audit(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /** The names that the ledger may use for a recipient: the address, and its pseudonym if there is a key for that. */
    public List<String> names(String address) {
        return names(address, routing);
    }

    static List<String> names(String address, Routing routing) {
        List<String> names = new ArrayList<>(List.of(address));
        Pseudonyms.of(routing.messageBox().place(), routing.auditLedger())
                .ofAddress(address)
                .ifPresent(names::add);
        return names;
    }

    /**
     * The whole id of a message on the ledger.
     *
     * @param id the id; while the message box has the message, a unique start is enough
     * @throws RefusedException when neither the message box nor the ledger has it
     */
    public String message(String id) {
        try {
            return Messages.row(box, id).id().value();
        } catch (RefusedException e) {
            String whole = id.toLowerCase(Locale.ROOT);
            boolean[] isRecorded = {false};
            if (e.refusal() instanceof Refusal.NotFound && whole.matches("[0-9a-f-]{36}")) {
                box.ledger().read(AuditFilter.ofMessage(whole), record -> {
                    isRecorded[0] = true;
                    return false;
                });
            }
            if (!isRecorded[0]) {
                throw e;
            }
            return whole;
        }
    }

    /**
     * Returns the matching records, oldest first.
     *
     * @param limit only the newest ones, up to this number
     * @return the ends of the chains when the search started; later records were not returned
     */
    public Position search(AuditFilter filter, Optional<Integer> limit, Consumer<AuditRecord> to) {
        Position position = new Position(box.ledger());
        Deque<AuditRecord> newest = new ArrayDeque<>();
        box.ledger().read(filter, each -> {
            if (position.includes(each)) {
                if (limit.isEmpty()) {
                    to.accept(each);
                } else {
                    newest.addLast(each);
                    if (newest.size() > limit.get()) {
                        newest.removeFirst();
                    }
                }
            }
            return true;
        });
        newest.forEach(to);
        return position;
    }

    /** A page of records, newest first; see {@link Ledger#newest}. */
    public Ledger.Newest newest(AuditFilter filter, List<Long> before, int most, Duration patience) {
        return box.ledger().newest(filter, before, most, patience);
    }

    /** Returns the records since {@code position}, and advances it. */
    public void follow(AuditFilter filter, Position position, Consumer<AuditRecord> to) {
        position.follow(filter, to);
    }

    /** The present ends of the chains. */
    public Position end() {
        return new Position(box.ledger());
    }

    /** Parses the result of {@link Position#toString}; empty when the text is invalid. */
    public Optional<Position> position(String text) {
        if (!text.matches("(\\d{1,9}:\\d{1,18}(,\\d{1,9}:\\d{1,18}){0,200})?")) {
            return Optional.empty();
        }
        Map<Long, Ledger.Head> seen = new HashMap<>();
        for (String each : text.split(",")) {
            if (!each.isEmpty()) {
                long lane = Long.parseLong(each.substring(0, each.indexOf(':')));
                seen.put(lane, new Ledger.Head(lane, Long.parseLong(each.substring(each.indexOf(':') + 1)), ""));
            }
        }
        return Optional.of(new Position(box.ledger(), seen));
    }

    /** A reading position. For one thread. */
    public static final class Position {

        private final Ledger ledger;
        private final Map<Long, Ledger.Head> seen;

        private Position(Ledger ledger) {
            this(ledger, new HashMap<>());
            ledger.heads().forEach(head -> seen.put(head.lane(), head));
        }

        private Position(Ledger ledger, Map<Long, Ledger.Head> seen) {
            this.ledger = ledger;
            this.seen = seen;
        }

        private boolean includes(AuditRecord each) {
            Ledger.Head head = seen.get(each.lane());
            return head != null && each.seq() <= head.seq();
        }

        private void follow(AuditFilter filter, Consumer<AuditRecord> to) {
            List<Ledger.Head> heads = ledger.heads();
            read(filter, heads, each -> {
                to.accept(each);
                return true;
            });
            heads.forEach(head -> seen.put(head.lane(), head));
        }

        /**
         * Returns the records between this position and {@code end}, until {@code to} returns false; this position does not change.
         */
        public void follow(AuditFilter filter, Position end, Predicate<AuditRecord> to) {
            read(filter, List.copyOf(end.seen.values()), to);
        }

        private void read(AuditFilter filter, List<Ledger.Head> heads, Predicate<AuditRecord> to) {
            for (Ledger.Head head : heads) {
                Ledger.Head last = seen.getOrDefault(head.lane(), new Ledger.Head(head.lane(), 0, ""));
                if (head.seq() > last.seq()) {
                    ledger.readAfter(
                            last,
                            filter,
                            each -> (each.seq() > head.seq() || to.test(each)) && each.seq() < head.seq());
                }
            }
        }

        /** The place in each chain, as {@link Audit#position} reads it. */
        @Override
        public String toString() {
            return seen.values().stream().map(Ledger.Head::place).sorted().collect(Collectors.joining(","));
        }
    }

    /**
     * Returns one record.
     *
     * @param place {@code LANE:SEQ}, or {@code SEQ} for lane 0
     * @throws RefusedException when it does not exist
     */
    public AuditRecord record(String place) {
        if (!place.matches("(\\d{1,9}:)?\\d{1,15}")) {
            throw RefusedException.invalid(
                    "\"" + place + "\" is not a place on the ledger; expected for example 0:4711 or 4711");
        }
        int colon = place.indexOf(':');
        long lane = colon < 0 ? 0 : Long.parseLong(place.substring(0, colon));
        long seq = Long.parseLong(place.substring(colon + 1));
        return box.ledger()
                .find(lane, seq)
                .orElseThrow(() -> RefusedException.notFound("record " + lane + ":" + seq + " does not exist"));
    }

    /**
     * A record with its proof.
     *
     * @param json the record and its proof, as {@code audit verify --export} reads it
     * @param isSigned whether a signed checkpoint covers it yet
     */
    public record Proof(Map<String, Object> json, boolean isSigned) {}

    /** The proof of a record. */
    public Proof proof(AuditRecord record) {
        Optional<Map<String, Object>> inclusion = inclusion().of(record, true);
        return new Proof(record.asEvidence(inclusion), inclusion.isPresent());
    }

    /** Returns the matching records with their proofs, lane by lane. */
    public void export(AuditFilter filter, Consumer<Exported> to) {
        Inclusion inclusion = inclusion();
        box.ledger().readLanes(filter, each -> {
            to.accept(new Exported(each, () -> each.asEvidence(inclusion.of(each, false))));
            return true;
        });
    }

    /**
     * An exported record.
     *
     * @param record the record
     * @param proof creates the record with its proof, which takes time
     */
    public record Exported(AuditRecord record, Supplier<Map<String, Object>> proof) {}

    private Inclusion inclusion() {
        Checkpoints checkpoints = checkpoints();
        return new Inclusion(box.ledger(), checkpoints, checkpoints.trust());
    }

    private Checkpoints checkpoints() {
        return Checkpoints.of(routing);
    }

    /** The figures of a day. */
    public DayReport report(LocalDate day, ZoneId zone) {
        return DayReport.of(box.ledger(), day, zone);
    }

    /** Compares the ledger with a relay's archive; reports each difference as it is found. */
    public Reconciliation.Summary reconcile(
            Path archive, Predicate<AuditRecord> isChosen, boolean ignoresForeign, Consumer<Difference> to)
            throws IOException {
        if (!Files.isReadable(archive)) {
            throw RefusedException.notFound(
                    "cannot read the archive " + archive + ": it does not exist or is not readable");
        }
        // The comparison uses a temporary SQLite file, whatever database the message box uses.
        SqliteLibrary.load(routing.messageBox().folder());
        return new Reconciliation(box.ledger(), Archive.at(archive), isChosen, ignoresForeign).run(to);
    }

    /**
     * Puts the result of a comparison on the ledger.
     *
     * @param archive what the ledger was compared with
     * @param scope which mails were compared, in words; empty for all
     */
    public void record(Reconciliation.Summary summary, Path archive, String scope, Actor actor) {
        Entry entry = Entry.of(Kind.RECONCILED);
        summary.fields().forEach(entry::header);
        box.ledger()
                .record(entry.detail(
                                "archive", archive.toAbsolutePath().normalize().toString())
                        .detail("scope", scope)
                        .detail("actor", actor.name())
                        .detail("reason", actor.reason()));
    }

    /**
     * Recomputes the chains in the store and compares them with the signed statements.
     *
     * @param trusted fingerprints of the trusted keys; if empty, those of the configuration
     * @param accepted ids of notices that the auditor knows
     * @param progress receives the number of valid records so far
     * @throws RefusedException when a fingerprint is invalid, or an accepted id does not exist
     */
    public VerificationReport verify(List<String> trusted, Set<String> accepted, LongConsumer progress) {
        Checkpoints checkpoints = checkpoints();
        Verification.Finding finding = new Verification(
                        box.store(), checkpoints, auditor(trusted, checkpoints.trust(), accepted), progress)
                .run();
        return report(
                finding,
                checkpoints.areBeside(routing.messageBox().place())
                        ? VerificationReport.Place.BESIDE_STORE
                        : VerificationReport.Place.ELSEWHERE,
                accepted);
    }

    /**
     * As {@link #verify}, for an exported file; needs no store.
     *
     * @param kept the folder of checkpoints and public keys; empty for a check without them
     * @param isSelection whether records may be missing because the export had a filter
     * @throws RefusedException when a file cannot be read, or as above
     */
    public static VerificationReport verifyExport(
            Path file, Optional<Path> kept, boolean isSelection, List<String> trusted, Set<String> accepted) {
        if (!Files.isReadable(file)) {
            throw RefusedException.notFound("cannot read " + file + ": it does not exist or is not readable");
        }
        if (kept.isPresent() && !Checkpoints.areIn(kept.get())) {
            throw RefusedException.notFound("no checkpoints (*.jsonl) exist in " + kept.get());
        }
        try {
            Verification.Finding finding = new ExportVerification(
                            kept.map(Checkpoints::kept), auditor(trusted, Trust.FIRST_USE, accepted), isSelection)
                    .run(file);
            return report(
                    finding,
                    kept.isEmpty() ? VerificationReport.Place.NONE : VerificationReport.Place.ELSEWHERE,
                    accepted);
        } catch (IOException e) {
            throw new RefusedException(new Refusal.Invalid("cannot read " + file + ": " + e.getMessage()), e);
        }
    }

    /** An unknown id is a typing error, and must not look as if it had been accepted. */
    private static VerificationReport report(
            Verification.Finding finding, VerificationReport.Place anchors, Set<String> accepted) {
        List<String> known = finding.notices().stream().map(Notice::id).toList();
        for (String id : accepted) {
            if (!known.contains(id)) {
                throw RefusedException.notFound("--accept " + id + " does not match any notice of this verification");
            }
        }
        return new VerificationReport(finding, anchors);
    }

    private static Verification.Auditor auditor(List<String> trusted, Trust otherwise, Set<String> accepted) {
        try {
            return new Verification.Auditor(trusted.isEmpty() ? otherwise : Trust.in(trusted), accepted);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(new Refusal.Invalid("--key: " + e.getMessage()), e);
        }
    }
}
