package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.StoredRecord;
import io.sendport.host.ledger.checkpoint.Anchors;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.EvaluatedStatements;
import io.sendport.host.ledger.checkpoint.TimeStamps;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Verifies an exported file, without the message box. If available, uses checkpoints that were stored elsewhere. */
public final class ExportVerification {

    private final Optional<Checkpoints> checkpoints;
    private final Verification.Auditor auditor;
    private final boolean isSelection;

    /**
     * Creates a verification of files.
     *
     * @param checkpoints the checkpoints from outside the store; if empty, the file is only checked for consistency
     * @param auditor the trusted keys and accepted notices
     * @param isSelection whether the file is a selection of records: gaps between them are no fault
     */
    public ExportVerification(Optional<Checkpoints> checkpoints, Verification.Auditor auditor, boolean isSelection) {
        this.checkpoints = checkpoints;
        this.auditor = auditor;
        this.isSelection = isSelection;
    }

    /**
     * Verifies a file. Reads it once, line by line, up to the first fault.
     *
     * @throws IOException when the file cannot be read
     */
    public Verification.Finding run(Path file) throws IOException {
        // Without checkpoints, no signature can be checked. Deletions are then accepted as the file states them.
        Optional<EvaluatedStatements> evaluatedStatements =
                checkpoints.map(each -> each.evaluatedStatements(auditor.trust(), auditor.accepted()));
        Run run = new Run(evaluatedStatements);
        Optional<String> faultOfStatements =
                run.anchors.fork().or(() -> evaluatedStatements.flatMap(EvaluatedStatements::faultOfTrust));
        if (faultOfStatements.isPresent()) {
            return run.finding(faultOfStatements);
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String fault = run.follow(line);
                if (fault != null) {
                    return run.finding(Optional.of("line " + number + ": " + fault));
                }
            }
        }
        Verification.Finding finding = run.finding(isSelection ? Optional.empty() : run.faultOfWhole());
        return checkpoints
                .map(each -> finding.with(TimeStamps.of(each)
                        .verify(evaluatedStatements
                                .map(EvaluatedStatements::statements)
                                .orElse(List.of()))))
                .orElse(finding);
    }

    /** One pass over a file. Each lane has ranges of records without gaps; the last range is open. */
    private final class Run {
        private final Optional<EvaluatedStatements> evaluatedStatements;
        private final Anchors anchors;
        private final LedgerClaims claims;
        private final Inclusion.Check inclusions;
        private final Map<Long, Chain> open = new TreeMap<>();
        private final List<Chain> closed = new ArrayList<>();

        Run(Optional<EvaluatedStatements> evaluatedStatements) {
            this.evaluatedStatements = evaluatedStatements;
            this.anchors = evaluatedStatements.map(EvaluatedStatements::anchors).orElseGet(Anchors::new);
            this.claims = new LedgerClaims(evaluatedStatements, Set.of());
            this.inclusions = new Inclusion.Check(evaluatedStatements);
        }

        Verification.Finding finding(Optional<String> fault) {
            List<Chain> all = new ArrayList<>(closed);
            all.addAll(open.values());
            return Verification.Finding.of(all, claims, evaluatedStatements, fault)
                    .withProved(inclusions.proved());
        }

        /** Returns a fault of a file that must be complete: a missing end, or a deletion without a signature. */
        Optional<String> faultOfWhole() {
            Optional<String> fault = claims.faultOfBlanks();
            for (Chain chain : open.values()) {
                fault = fault.or(() -> anchors.unmet(chain.end()))
                        .or(() -> evaluatedStatements.flatMap(outside -> outside.faultOfEnd(chain.end())));
            }
            return fault.or(() -> anchors.lost(open.keySet()));
        }

        /** Checks the next line. Returns a fault, or null. */
        @Nullable
        String follow(String line) {
            Map<String, Object> shown;
            StoredRecord record;
            CheckedRecord checked;
            Object proof;
            try {
                shown = Ledger.parse(line);
                record = record(shown);
                checked = CheckedRecord.of(record);
                proof = shown.remove("proof");
                if (!CanonicalJson.of(shown)
                        .equals(CanonicalJson.of(AuditRecord.of(record).asMap()))) {
                    return "record " + record.place() + ": its readable fields differ from its proof";
                }
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
            Chain chain = chain(record, checked.header());
            if (chain == null) {
                return "record " + record.place() + " follows " + lastPlace(record.lane())
                        + ", so records between them are missing; verify a filtered export with --selection";
            }
            String fault = chain.follow(checked);
            if (fault == null) {
                fault = inclusions.fault(record, proof);
            }
            return fault == null ? null : "record " + record.place() + ": " + fault;
        }

        private String lastPlace(long lane) {
            Chain chain = open.get(lane);
            return chain == null ? "nothing" : chain.end().place();
        }

        /** Returns the range that the record continues or starts; null when it must not start a range. */
        private @Nullable Chain chain(StoredRecord record, LinkHeader header) {
            Chain current = open.get(record.lane());
            if (current != null && record.seq() == current.end().seq() + 1) {
                return current;
            }
            Ledger.Head begin = new Ledger.Head(record.lane(), record.seq() - 1, header.prevHash);
            boolean isBegin =
                    current == null && (begin.seq() == 0 ? begin.hash().equals(Hashing.NONE) : isPruned(begin));
            boolean isLater = current == null || record.seq() > current.end().seq();
            if (!isBegin && !(isSelection && isLater)) {
                return null;
            }
            if (current != null) {
                closed.add(current);
            }
            Chain chain = new Chain(begin, anchors, claims);
            open.put(record.lane(), chain);
            return chain;
        }

        /**
         * Returns whether the records up to {@code begin} may be missing. Checkpoints, if available, must confirm their pruning. Without
         * checkpoints, missing records at the start cannot be detected.
         */
        private boolean isPruned(Ledger.Head begin) {
            return checkpoints.isEmpty() || anchors.allowBegin(begin);
        }

        private static StoredRecord record(Map<String, Object> shown) {
            if (!(shown.get("proof") instanceof Map<?, ?> proof) || !(proof.get("header") instanceof String header)) {
                throw new IllegalArgumentException("not a record with a proof, as `audit export` writes it");
            }
            Optional<byte[]> salt = proof.get("salt") instanceof String hex
                    ? Optional.of(HexFormat.of().parseHex(hex))
                    : Optional.empty();
            return new StoredRecord(
                    number(shown, "lane"),
                    number(shown, "seq"),
                    String.valueOf(shown.get("hash")),
                    header,
                    salt,
                    proof.get("private") instanceof String privatePart ? privatePart : null);
        }

        private static long number(Map<String, Object> shown, String name) {
            if (shown.get(name) instanceof Number number) {
                return number.longValue();
            }
            throw new IllegalArgumentException("a record lacks " + name);
        }
    }
}
