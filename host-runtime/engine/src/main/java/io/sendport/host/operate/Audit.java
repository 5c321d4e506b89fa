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

/** Reads, exports, reconciles and verifies the audit ledger. Safe for use by several threads. */
public final class Audit {

    private final Routing routing;
    private final MessageBox box;

    Audit(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /** The names that the ledger may have for a recipient: the address, and its pseudonym if there is a key for pseudonyms. */
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
     * Returns the whole id of a message on the ledger.
     *
     * @param id the whole id, or a unique prefix while the message box has the message
     * @throws RefusedException when neither the message box nor the ledger has the message
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
     * Passes the matching records to {@code to}, oldest first.
     *
     * @param limit the maximum number of records, which are then the newest; empty for all
     * @return the ends of the chains at the start of the search; later records are not included
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

    /** Returns a page of records, newest first; see {@link Ledger#newest}. */
    public Ledger.Newest newest(AuditFilter filter, List<Long> before, int limit, Duration timeout) {
        return box.ledger().newest(filter, before, limit, timeout);
    }

    /** Passes the matching records after {@code position} to {@code to}, and advances {@code position}. */
    public void follow(AuditFilter filter, Position position, Consumer<AuditRecord> to) {
        position.follow(filter, to);
    }

    /** The current ends of the chains. */
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

    /** A position in each chain of the ledger, after which to read. For one thread. */
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
         * Passes the matching records between this position and {@code end} to {@code to}, until it returns false for a record. This
         * position does not change.
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

        /** The place in each chain, as {@link Audit#position} parses it. */
        @Override
        public String toString() {
            return seen.values().stream().map(Ledger.Head::place).sorted().collect(Collectors.joining(","));
        }
    }

    /**
     * Returns one record.
     *
     * @param place {@code LANE:SEQ}, or {@code SEQ} for lane 0
     * @throws RefusedException when the place is malformed or the record does not exist
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
     * @param json the record and its proof, in the form that {@code audit verify --export} reads
     * @param isSigned whether a signed checkpoint covers the record yet
     */
    public record Proof(Map<String, Object> json, boolean isSigned) {}

    /** Returns a record with its proof. */
    public Proof proof(AuditRecord record) {
        Optional<Map<String, Object>> inclusion = inclusion().of(record, true);
        return new Proof(record.asEvidence(inclusion), inclusion.isPresent());
    }

    /** Passes the matching records with their proofs to {@code to}, lane by lane. */
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
     * @param proof creates the JSON of the record with its proof, which takes time
     */
    public record Exported(AuditRecord record, Supplier<Map<String, Object>> proof) {}

    private Inclusion inclusion() {
        Checkpoints checkpoints = checkpoints();
        return new Inclusion(box.ledger(), checkpoints, checkpoints.trust());
    }

    private Checkpoints checkpoints() {
        return Checkpoints.of(routing);
    }

    /** Returns the figures of a day in {@code zone}. */
    public DayReport report(LocalDate day, ZoneId zone) {
        return DayReport.of(box.ledger(), day, zone);
    }

    /**
     * Compares the ledger with the archive of a relay.
     *
     * @param isChosen selects the records to compare; mails of other records are known but not reported
     * @param ignoresForeign whether to ignore mails whose Message-ID cannot come from Sendport
     * @param to receives each difference as it is found
     * @throws RefusedException when the archive does not exist or is not readable
     * @throws IOException when a file cannot be read
     */
    public Reconciliation.Summary reconcile(
            Path archive, Predicate<AuditRecord> isChosen, boolean ignoresForeign, Consumer<Difference> to)
            throws IOException {
        if (!Files.isReadable(archive)) {
            throw RefusedException.notFound(
                    "cannot read the archive " + archive + ": it does not exist or is not readable");
        }
        // The comparison needs a temporary SQLite file, even if the message box is on PostgreSQL.
        SqliteLibrary.load(routing.messageBox().folder());
        return new Reconciliation(box.ledger(), Archive.at(archive), isChosen, ignoresForeign).run(to);
    }

    /**
     * Records the result of a comparison on the ledger.
     *
     * @param archive the archive that was compared
     * @param scope describes which mails were compared; empty for all
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
     * @param trusted the fingerprints of the trusted keys; if empty, the configuration names the trusted keys
     * @param accepted the ids of the notices that the auditor accepts
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
     * As {@link #verify}, for an exported file. Needs no store.
     *
     * @param kept the folder of checkpoints and public keys; empty to verify without them
     * @param isSelection whether records may be missing because the export had a filter
     * @throws RefusedException when a file cannot be read, a fingerprint is invalid, or an accepted id does not exist
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

    /** Creates the report. Refuses an accepted id without a notice, because it is a typing error. */
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
