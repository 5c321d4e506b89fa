package io.sendport.host.operate;

import io.sendport.host.ledger.checkpoint.KeyUse;
import io.sendport.host.ledger.checkpoint.Notice;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.support.text.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Formats the result of a ledger verification, as text and for JSON. Immutable. */
public final class VerificationReport {

    private static final long MIN_RECORDS_FOR_RATE = 100_000;

    /** The location of the checkpoints with which the ledger was compared. */
    public enum Place {
        /** In the folder beside the store. */
        BESIDE_STORE,
        /** In a separate folder. */
        ELSEWHERE,
        /** There were no checkpoints. */
        NONE
    }

    private final Verification.Finding finding;
    private final Place anchors;

    VerificationReport(Verification.Finding finding, Place anchors) {
        this.finding = finding;
        this.anchors = anchors;
    }

    /** Returns the result for JSON. {@code seconds} is the duration of the verification. */
    public Map<String, Object> asMap(double seconds) {
        Map<String, Object> map = new TreeMap<>();
        map.put("records", finding.records());
        map.put("begins", finding.begins());
        map.put("ends", finding.ends());
        map.put("anchored", finding.anchored());
        map.put("anchoredTo", finding.anchoredTo());
        map.put("anchorsBesideStore", anchors == Place.BESIDE_STORE);
        map.put("elsewhere", finding.elsewhere());
        map.put("erased", finding.erased());
        map.put("proved", finding.proved());
        map.put("millis", Math.round(seconds * 1000));
        map.put("keys", finding.keys().stream().map(VerificationReport::key).toList());
        map.put(
                "notices",
                finding.notices().stream()
                        .map(each -> Map.of("id", each.id(), "text", each.text(), "accepted", each.isAccepted()))
                        .toList());
        finding.stamped().ifPresent(stamped -> map.put("stamped", stamped));
        finding.fault().ifPresent(fault -> map.put("fault", fault));
        return map;
    }

    /** Whether the ledger is valid, and every notice is accepted. */
    public boolean isClean() {
        return finding.isClean();
    }

    /** The first problem; empty when there is none. */
    public Optional<String> fault() {
        return finding.fault();
    }

    private static Map<String, Object> key(KeyUse key) {
        Map<String, Object> map = new TreeMap<>();
        map.put("fingerprint", key.fingerprint());
        map.put("trust", Text.word(key.standing()));
        map.put("statements", key.statements());
        key.since().ifPresent(since -> map.put("since", since));
        key.until().ifPresent(until -> map.put("until", until));
        return map;
    }

    /** Returns the result as lines of text. {@code seconds} is the duration of the verification. */
    public List<String> lines(double seconds) {
        List<String> lines = new ArrayList<>();
        lines.add(Text.counted(finding.records(), "record")
                + (finding.records() == 1 ? " is valid" : " are valid")
                + finding.fault()
                        .map(fault -> "; first problem: " + fault)
                        .orElse(", nothing is missing; " + anchored()));
        finding.stamped().ifPresent(lines::add);
        if (finding.fault().isEmpty() && finding.records() > 0) {
            lines.add(extent(seconds));
        }
        finding.keys().forEach(key -> lines.add(line(key)));
        if (anchors == Place.BESIDE_STORE) {
            lines.add("the checkpoints are beside the store, so a rollback of both cannot be detected;"
                    + " set another location in checkpointFolder of <auditLedger>");
        }
        finding.notices().forEach(notice -> lines.add(line(notice)));
        return lines;
    }

    private String extent(double seconds) {
        return "up to " + String.join(", ", finding.ends())
                + (finding.begins().isEmpty()
                        ? ", from the first"
                        : ", after " + String.join(", ", finding.begins()) + "; older ones were pruned or left out")
                + (finding.erased() == 0 ? "" : "; private parts of " + finding.erased() + " were erased")
                + String.format(Locale.ROOT, "; %.1f s", seconds)
                + (finding.records() < MIN_RECORDS_FOR_RATE
                        ? ""
                        : String.format(
                                Locale.ROOT, ", %.1f s per million records", seconds * 1e6 / finding.records()));
    }

    private static String line(KeyUse key) {
        return "key " + key.fingerprint()
                + key.since().map(since -> " has signed since " + since).orElse(" has signed nothing yet")
                + key.until().map(until -> ", last at " + until).orElse("") + "; "
                + key.standing().words();
    }

    private static String line(Notice notice) {
        return (notice.isAccepted() ? "accepted " : "NOTICE ") + notice.id() + ": " + notice.text()
                + (notice.isAccepted() ? "" : ". If you know of this, pass --accept " + notice.id());
    }

    private String anchored() {
        String here = anchorText();
        return here
                + (finding.elsewhere() == 0
                        ? ""
                        : "; " + Text.counted(finding.elsewhere(), "checkpoint")
                                + (finding.elsewhere() == 1 ? " was" : " were")
                                + " signed by keys that are not trusted here");
    }

    private String anchorText() {
        if (finding.anchored() > 0) {
            return "anchored by signed checkpoints up to " + String.join(", ", finding.anchoredTo());
        }
        if (finding.proved() > 0) {
            return Text.counted(finding.proved(), "record") + " proved by signed checkpoints";
        }
        return anchors == Place.NONE
                ? "not compared with checkpoints, so the ledger may have been truncated or rewritten"
                : "no trusted checkpoint, so nothing is anchored outside the store";
    }
}
