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

/** Verifies an exported file with only the file and, if available, checkpoints that were kept elsewhere. */
public final class ExportVerification {

    private final Optional<Checkpoints> checkpoints;
    private final Verification.Auditor auditor;
    private final boolean isSelection;

    /**
     * Verifies files against checkpoints.
     *
     * @param checkpoints kept outside the store; if empty, the file is only checked for consistency
     * @param auditor the trusted keys and accepted notices
     * @param isSelection whether records may be missing between those of the file
     */
    public ExportVerification(Optional<Checkpoints> checkpoints, Verification.Auditor auditor, boolean isSelection) {
        this.checkpoints = checkpoints;
        this.auditor = auditor;
        this.isSelection = isSelection;
    }

    /**
     * Reads the file once, line by line.
     *
     * @throws IOException when it cannot be read
     */
    public Verification.Finding run(Path file) throws IOException {
        // Without checkpoints no signature can be checked, so deletions in the file are accepted as stated.
        Optional<EvaluatedStatements> evaluatedStatements =
                checkpoints.map(kept -> kept.evaluatedStatements(auditor.trust(), auditor.accepted()));
        Run run = new Run(evaluatedStatements);
        Optional<String> doubt =
                run.anchors.fork().or(() -> evaluatedStatements.flatMap(EvaluatedStatements::faultOfTrust));
        if (doubt.isPresent()) {
            return run.finding(doubt);
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
                .map(kept -> finding.with(TimeStamps.of(kept)
                        .verify(evaluatedStatements
                                .map(EvaluatedStatements::statements)
                                .orElse(List.of()))))
                .orElse(finding);
    }

    /** One pass over a file: for each lane, the ranges without gaps, of which the last one is open. */
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
                    .withProved(inclusions.held());
        }

        /** Checks for a missing end, and for deletions without a signature. */
        Optional<String> faultOfWhole() {
            Optional<String> fault = claims.faultOfBlanks();
            for (Chain chain : open.values()) {
                fault = fault.or(() -> anchors.unmet(chain.end()))
                        .or(() -> evaluatedStatements.flatMap(outside -> outside.faultOfEnd(chain.end())));
            }
            return fault.or(() -> anchors.lost(open.keySet()));
        }

        @Nullable
        String follow(String line) {
            Map<String, Object> shown;
            StoredRecord link;
            CheckedRecord weighed;
            Object shownProof;
            try {
                shown = Ledger.parse(line);
                link = link(shown);
                weighed = CheckedRecord.of(link);
                shownProof = shown.remove("proof");
                if (!CanonicalJson.of(shown)
                        .equals(CanonicalJson.of(AuditRecord.of(link).asMap()))) {
                    return "record " + link.place() + ": its readable fields differ from its proof";
                }
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
            Chain chain = chain(link, weighed.header());
            if (chain == null) {
                return "record " + link.place() + " follows " + ends(link.lane())
                        + ", so records between them are missing; verify a filtered export with --selection";
            }
            String fault = chain.follow(weighed);
            if (fault == null) {
                fault = inclusions.fault(link, shownProof);
            }
            return fault == null ? null : "record " + link.place() + ": " + fault;
        }

        private String ends(long lane) {
            Chain chain = open.get(lane);
            return chain == null ? "nothing" : chain.end().place();
        }

        /** The range that the link continues or starts; null when it must not start one. */
        private @Nullable Chain chain(StoredRecord link, LinkHeader header) {
            Chain going = open.get(link.lane());
            if (going != null && link.seq() == going.end().seq() + 1) {
                return going;
            }
            Ledger.Head begin = new Ledger.Head(link.lane(), link.seq() - 1, header.prevHash);
            boolean isBegin = going == null && (begin.seq() == 0 ? begin.hash().equals(Hashing.NONE) : isPruned(begin));
            boolean isLater = going == null || link.seq() > going.end().seq();
            if (!isBegin && !(isSelection && isLater)) {
                return null;
            }
            if (going != null) {
                closed.add(going);
            }
            Chain chain = new Chain(begin, anchors, claims);
            open.put(link.lane(), chain);
            return chain;
        }

        /**
         * If checkpoints are available, they must confirm the pruning; otherwise records missing before the first one cannot be
         * detected.
         */
        private boolean isPruned(Ledger.Head begin) {
            return checkpoints.isEmpty() || anchors.allowBegin(begin);
        }

        private static StoredRecord link(Map<String, Object> shown) {
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
                    proof.get("private") instanceof String secret ? secret : null);
        }

        private static long number(Map<String, Object> shown, String name) {
            if (shown.get(name) instanceof Number number) {
                return number.longValue();
            }
            throw new IllegalArgumentException("a record lacks " + name);
        }
    }
}
