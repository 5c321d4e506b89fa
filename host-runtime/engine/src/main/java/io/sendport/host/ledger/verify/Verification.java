package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.PackedRows;
import io.sendport.host.ledger.SearchIndex;
import io.sendport.host.ledger.StoredUnits;
import io.sendport.host.ledger.StoredUnits.Unit;
import io.sendport.host.ledger.checkpoint.Anchors;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.EvaluatedStatements;
import io.sendport.host.ledger.checkpoint.KeyUse;
import io.sendport.host.ledger.checkpoint.Notice;
import io.sendport.host.ledger.checkpoint.TimeStamps;
import io.sendport.host.ledger.checkpoint.Trust;
import io.sendport.host.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the chain of each lane, and compares it with heads, checkpoints, messages and indexes. Detects every edit, gap, insertion
 * and swap within a lane, and missing records of a message across lanes. Detects a truncated or rewritten ledger up to the last
 * checkpoint outside the store.
 */
public final class Verification {

    /** The number of records between two reports of progress. */
    private static final int PROGRESS_INTERVAL = 100_000;

    private static final int MAX_TRIES = 4;

    private final Store store;
    private final Checkpoints checkpoints;
    private final Auditor auditor;
    private final LongConsumer progress;

    /**
     * The settings of an auditor.
     *
     * @param trust the keys that the auditor trusts
     * @param accepted ids of the notices that the auditor accepted
     */
    public record Auditor(Trust trust, Set<String> accepted) {

        /** Trust on first use, and no accepted notices. */
        public static final Auditor DEFAULT = new Auditor(Trust.FIRST_USE, Set.of());

        /** Copies the set. */
        public Auditor {
            accepted = Set.copyOf(accepted);
        }
    }

    /** Creates a verification of the ledger in {@code store} against {@code checkpoints}, with trust on first use. */
    public Verification(Store store, Checkpoints checkpoints) {
        this(store, checkpoints, Auditor.DEFAULT, count -> {});
    }

    /**
     * Creates a verification with the settings of an auditor.
     *
     * @param progress receives the number of valid records of the present lane, about every 100,000 records
     */
    public Verification(Store store, Checkpoints checkpoints, Auditor auditor, LongConsumer progress) {
        this.store = store;
        this.checkpoints = checkpoints;
        this.auditor = auditor;
        this.progress = progress;
    }

    /**
     * The result of a verification.
     *
     * @param records the number of valid records
     * @param begins the last pruned place of each pruned lane
     * @param ends the last valid place of each lane
     * @param anchored the number of valid records that signed checkpoints outside the store confirm
     * @param anchoredTo the last confirmed place of each lane that has one
     * @param elsewhere the number of checkpoints that the ledger names but other machines' keys signed; they are stored elsewhere
     * @param erased the number of records whose private part was erased
     * @param stamped what the newest time stamp says about when records existed; empty without time stamps
     * @param fault the first problem; empty when there is none
     * @param proved the number of records that an exported file proves individually under a signed root
     * @param keys the keys that signed statements, and the keys that the auditor gave
     * @param notices the findings that every verification repeats until the auditor accepts them
     */
    public record Finding(
            long records,
            List<String> begins,
            List<String> ends,
            long anchored,
            List<String> anchoredTo,
            long elsewhere,
            long erased,
            Optional<String> stamped,
            Optional<String> fault,
            long proved,
            List<KeyUse> keys,
            List<Notice> notices) {

        /** Returns whether no problem was found, and the auditor has accepted all notices. */
        public boolean isClean() {
            return fault.isEmpty() && notices.stream().allMatch(Notice::isAccepted);
        }

        /** Returns a copy with the result of the time stamps. */
        Finding with(TimeStamps.Finding stamps) {
            return new Finding(
                    records,
                    begins,
                    ends,
                    anchored,
                    anchoredTo,
                    elsewhere,
                    erased,
                    stamps.newest(),
                    fault.or(stamps::fault),
                    proved,
                    keys,
                    notices);
        }

        /** Returns a copy with the number of records that a file proves individually. */
        Finding withProved(long count) {
            return new Finding(
                    records,
                    begins,
                    ends,
                    anchored,
                    anchoredTo,
                    elsewhere,
                    erased,
                    stamped,
                    fault,
                    count,
                    keys,
                    notices);
        }

        static Finding of(
                Iterable<Chain> chains,
                LedgerClaims claims,
                Optional<EvaluatedStatements> evaluatedStatements,
                Optional<String> fault) {
            long records = 0;
            long anchored = 0;
            List<String> begins = new ArrayList<>();
            List<String> ends = new ArrayList<>();
            List<String> anchoredTo = new ArrayList<>();
            for (Chain chain : chains) {
                records += chain.count();
                anchored += chain.anchored();
                ends.add(chain.end().place());
                if (chain.begin().seq() > 0) {
                    begins.add(chain.begin().place());
                }
                if (chain.anchoredTo() > 0) {
                    anchoredTo.add(chain.lane() + ":" + chain.anchoredTo());
                }
            }
            return new Finding(
                    records,
                    begins,
                    ends,
                    anchored,
                    anchoredTo,
                    claims.elsewhere(),
                    claims.erased(),
                    Optional.empty(),
                    fault,
                    0,
                    evaluatedStatements.map(EvaluatedStatements::keys).orElse(List.of()),
                    evaluatedStatements.map(EvaluatedStatements::notices).orElse(List.of()));
        }
    }

    /**
     * Verifies all records up to the present ends of the lanes, while hosts continue to write. Reads page by page, so that cleanup of the
     * store can continue. Starts again if it finds a fault and records were pruned, erased or packed in the meantime. Packing normally
     * waits for a verification, unless the lock for that was lost or is not available.
     */
    public Finding run() {
        return store.whileRecordsStay(this::runWithRetries);
    }

    private Finding runWithRetries() {
        Finding finding;
        int tries = 0;
        boolean hasChanged;
        List<Lane.Extent> extents;
        do {
            // Read the statements first. They name only records on disk, so the ledger must have these records.
            EvaluatedStatements before = checkpoints.evaluatedStatements(auditor.trust(), auditor.accepted());
            Places places = store.readSnapshot(handle ->
                    new Places(Lane.extents(handle), SearchIndex.marks(handle), PackedRows.firstRows(handle)));
            extents = places.extents();
            finding = run(places, before);
            tries++;
            hasChanged = finding.fault().isPresent()
                    && (hasDeletionsSince(extents)
                            || !store.read(PackedRows::firstRows).equals(places.rows()));
        } while (hasChanged && tries < MAX_TRIES);
        return finding;
    }

    /** Returns whether records were pruned or erased since these ranges were read. */
    private boolean hasDeletionsSince(List<Lane.Extent> then) {
        Map<Long, Lane.Extent> known = new TreeMap<>();
        then.forEach(each -> known.put(each.head().lane(), each));
        return store.read(handle -> Lane.extents(handle).stream().anyMatch(now -> {
            Lane.Extent old = known.get(now.head().lane());
            return old != null
                    && (!old.begin().equals(now.begin()) || StoredUnits.hasDeletionsAfter(handle, old.head()));
        }));
    }

    /** The ranges of the lanes, the marks of the index, and the first row of each lane that has rows. Read in one snapshot. */
    private record Places(List<Lane.Extent> extents, Map<Long, Long> marks, Map<Long, Long> rows) {}

    private Finding run(Places places, EvaluatedStatements before) {
        List<Lane.Extent> extents = places.extents();
        EvaluatedStatements now = checkpoints.evaluatedStatements(auditor.trust(), auditor.accepted());
        Anchors anchors = before.anchors();
        Anchors allowing = now.anchors();
        LedgerClaims claims = new LedgerClaims(Optional.of(now), checkpoints.ownKeys());
        Map<Long, Chain> chains = new TreeMap<>();
        IndexSums sums = new IndexSums(places.marks());
        CrossCheck crossCheck = new CrossCheck(store, extents);
        Optional<String> fault = allowing.fork();
        try (RecordChecker checker = new RecordChecker(sums.seed())) {
            for (Lane.Extent extent : extents) {
                Chain chain = new Chain(extent.begin(), anchors, claims);
                chains.put(chain.lane(), chain);
                fault = fault.or(() -> follow(chain, extent, checker, sums, crossCheck))
                        .or(() -> faultOfHead(chain.end(), extent.head()))
                        .or(() -> before.faultOfEnd(chain.end()))
                        .or(() -> anchors.unmet(chain.end()));
            }
        }
        for (Lane.Extent extent : extents) {
            fault = fault.or(() -> claims.faultOfBegin(extent.begin(), allowing));
        }
        fault = fault.or(() -> anchors.lost(chains.keySet()))
                .or(now::faultOfTrust)
                .or(claims::faultOfBlanks)
                .or(crossCheck::fault)
                .or(() -> sums.fault(store, extents))
                .or(claims::faultOfMissing);
        return Finding.of(chains.values(), claims, Optional.of(now), fault)
                .with(TimeStamps.of(checkpoints).verify(now.statements()));
    }

    private Optional<String> follow(
            Chain chain, Lane.Extent extent, RecordChecker checker, IndexSums sums, CrossCheck crossCheck) {
        long[] reported = {0};
        return Optional.ofNullable(checker.run(new LaneUnits(store, extent), each -> {
            String fault = follow(chain, each, crossCheck);
            IndexSums.Expected expected = each.expected();
            if (fault == null && expected != null) {
                if (each.unit() instanceof Unit.Packed) {
                    sums.expectOfSegment(expected);
                } else {
                    sums.expect(expected);
                }
            }
            if (chain.count() / PROGRESS_INTERVAL > reported[0]) {
                reported[0] = chain.count() / PROGRESS_INTERVAL;
                progress.accept(reported[0] * PROGRESS_INTERVAL);
            }
            return fault;
        }));
    }

    private static @Nullable String follow(Chain chain, RecordChecker.Result result, CrossCheck crossCheck) {
        if (result.unit() instanceof Unit.Packed packed
                && packed.segment().first() <= chain.begin().seq()) {
            return "segment " + packed.segment().place()
                    + " reaches across the place up to which the lane was pruned; retention deletes whole segments";
        }
        for (CheckedRecord each : result.checked()) {
            String fault = chain.follow(each);
            if (fault != null) {
                return "record " + each.link().place() + ": " + fault;
            }
            crossCheck.accept(each.link(), each.header());
        }
        String fault = result.fault();
        return fault == null ? null : "record " + place(result) + ": " + fault;
    }

    private static String place(RecordChecker.Result result) {
        return result.unit() instanceof Unit.Packed packed
                ? packed.segment().lane() + ":" + packed.segment().last()
                : ((Unit.Row) result.unit()).link().place();
    }

    private static Optional<String> faultOfHead(Ledger.Head end, Ledger.Head head) {
        return head.equals(end)
                ? Optional.empty()
                : Optional.of("the ledger ends with record " + end.place() + ", but its head names " + head.place()
                        + ": records at the end were removed or added");
    }
}
