package io.sendport.host.ledger.checkpoint;

import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.Ledger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A signed line of JSON about the ledger, kept outside the store. {@link EvaluatedStatements} decides which statements count.
 *
 * @param origin its location
 * @param at the stated time of signing
 * @param key the stated fingerprint of the signing key; empty in lines of earlier versions
 * @param heads the end of every lane at that time
 * @param content its purpose
 * @param signed the canonical bytes that were signed
 * @param signature Base64
 */
public record Statement(
        Origin origin,
        String at,
        Optional<String> key,
        List<Ledger.Head> heads,
        Content content,
        String signed,
        String signature) {

    private static final int SHORT = 12;

    /**
     * A location in a folder of statements.
     *
     * @param file that contains the line
     * @param line its number, from 1
     */
    public record Origin(Path file, int line) {

        @Override
        public String toString() {
            return "line " + line + " of " + file.getFileName();
        }
    }

    /** The purpose of a statement. */
    sealed interface Content permits Checkpoint, Pruned, Erased, Rotated, Abandoned {

        /** Its name in the line. */
        String kind();
    }

    /**
     * Confirms everything up to its heads.
     *
     * @param trees Merkle roots over the records since the previous checkpoint; empty in lines of earlier versions
     */
    public record Checkpoint(List<Tree> trees) implements Content {
        @Override
        public String kind() {
            return "checkpoint";
        }
    }

    /**
     * Allows the deletion of records.
     *
     * @param ends the last deleted place of each lane
     */
    record Pruned(List<Ledger.Head> ends) implements Content {
        @Override
        public String kind() {
            return "pruned";
        }
    }

    /**
     * Allows the deletion of private parts.
     *
     * @param places SHA-256 of the canonical list of their places
     */
    record Erased(String places) implements Content {
        @Override
        public String kind() {
            return "erased";
        }
    }

    /**
     * Says that another key signs from now on.
     *
     * @param newKey its public half as X.509 SubjectPublicKeyInfo, Base64
     */
    record Rotated(String newKey) implements Content {
        @Override
        public String kind() {
            return "rotated";
        }
    }

    /**
     * Says that signed records are gone.
     *
     * @param cause the cause
     * @param cuts the missing records
     * @param who the responsible person
     * @param why that person's reason
     */
    record Abandoned(Cause cause, List<Cut> cuts, String who, String why) implements Content {
        @Override
        public String kind() {
            return cause.word;
        }

        /** The maximum number of missing records. */
        long count() {
            return cuts.stream().mapToLong(each -> each.to() - each.after()).sum();
        }
    }

    /** Why records are gone. */
    enum Cause {
        /** A backup replaced the store. */
        RESTORED("restored"),
        /** The database lost commits. */
        LOST("lost");

        private final String word;

        Cause(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /**
     * The missing records of a lane. The lane ends at the head that the statement names, and the ledger continues in another one.
     *
     * @param lane the lane
     * @param after the last remaining place
     * @param to the last place that is known to have existed
     * @param hash of that record
     */
    public record Cut(long lane, long after, long to, String hash) {

        public boolean covers(long seq) {
            return after < seq && seq <= to;
        }

        public Map<String, Object> json() {
            return Map.of("lane", lane, "after", after, "to", to, "hash", hash);
        }
    }

    /**
     * The root of a Merkle tree over records of a lane.
     *
     * @param lane the lane
     * @param from its first record
     * @param to its last record
     * @param root hex
     */
    public record Tree(long lane, long from, long to, String root) {

        public boolean covers(long seq) {
            return from <= seq && seq <= to;
        }

        public long size() {
            return to - from + 1;
        }

        public Map<String, Object> json() {
            return Map.of("lane", lane, "from", from, "to", to, "root", root);
        }

        @Override
        public String toString() {
            return lane + ":" + from + " to " + lane + ":" + to;
        }
    }

    /** Its name on the ledger. */
    public String hash() {
        return Hashing.ofHeader(signed);
    }

    /** Its name for people. */
    String id() {
        return hash().substring(0, SHORT);
    }

    /** The places that it confirms. */
    String places() {
        return heads.stream().map(Ledger.Head::place).collect(Collectors.joining(", "));
    }

    /** The end of that lane in this statement, if named. */
    Optional<Ledger.Head> head(long lane) {
        return heads.stream().filter(each -> each.lane() == lane).findFirst();
    }

    /** The line, with its signature. */
    public Map<String, Object> line() {
        Map<String, Object> line = new TreeMap<>(Ledger.parse(signed));
        line.put("signature", signature);
        return line;
    }

    /** Parses {@code line}; empty when it is not a statement. */
    static Optional<Statement> parse(Origin origin, String line) {
        try {
            return Optional.of(of(origin, Ledger.parse(line)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException when it is not a statement
     */
    public static Statement of(Origin origin, Map<String, ?> line) {
        Map<String, Object> content = new TreeMap<>(line);
        if (!(content.remove("signature") instanceof String signature) || !(content.get("at") instanceof String at)) {
            throw new IllegalArgumentException("a statement must have a time and a signature");
        }
        requireTime(at);
        return new Statement(
                origin,
                at,
                Optional.ofNullable(text(content, "key")),
                list(content, "heads").stream().map(Ledger.Head::of).toList(),
                content(content),
                CanonicalJson.of(content),
                signature);
    }

    private static void requireTime(String at) {
        try {
            Instant.parse(at);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("a statement must have a valid time", e);
        }
    }

    private static Content content(Map<String, ?> line) {
        String kind = text(line, "kind");
        if (kind == null) {
            // Lines of earlier versions have no kind; their fields tell it.
            kind = line.containsKey("pruned") ? "pruned" : line.containsKey("erased") ? "erased" : "checkpoint";
        }
        return switch (kind) {
            case "checkpoint" ->
                new Checkpoint(list(line, "trees").stream().map(Statement::tree).toList());
            case "pruned" ->
                new Pruned(list(line, "pruned").stream().map(Ledger.Head::of).toList());
            case "erased" -> new Erased(need(line, "erased"));
            case "rotated" -> new Rotated(need(line, "newKey"));
            case "restored" -> abandoned(Cause.RESTORED, line);
            case "lost" -> abandoned(Cause.LOST, line);
            default -> throw new IllegalArgumentException("a statement of an unknown kind");
        };
    }

    private static Abandoned abandoned(Cause cause, Map<String, ?> line) {
        List<Cut> cuts = list(line, "abandoned").stream().map(Statement::cut).toList();
        return new Abandoned(cause, cuts, need(line, "who"), need(line, "why"));
    }

    private static Cut cut(Object json) {
        if (!(json instanceof Map<?, ?> cut)) {
            throw new IllegalArgumentException("an abandoned range must be a JSON object");
        }
        return new Cut(number(cut, "lane"), number(cut, "after"), number(cut, "to"), need(cut, "hash"));
    }

    private static Tree tree(Object json) {
        if (!(json instanceof Map<?, ?> tree)) {
            throw new IllegalArgumentException("a tree must be a JSON object");
        }
        Tree made = new Tree(number(tree, "lane"), number(tree, "from"), number(tree, "to"), need(tree, "root"));
        if (made.from() < 1 || made.to() < made.from()) {
            throw new IllegalArgumentException("the statement names records " + made.from() + " to " + made.to()
                    + " of lane " + made.lane() + ", but the first must be at least 1, and not greater than the last");
        }
        return made;
    }

    private static List<?> list(Map<String, ?> line, String name) {
        return line.get(name) instanceof List<?> list ? list : List.of();
    }

    private static long number(Map<?, ?> json, String name) {
        if (json.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("a statement lacks " + name);
    }

    private static String need(Map<?, ?> json, String name) {
        String text = text(json, name);
        if (text == null) {
            throw new IllegalArgumentException("a statement lacks " + name);
        }
        return text;
    }

    private static @Nullable String text(Map<?, ?> json, String name) {
        return json.get(name) instanceof String text ? text : null;
    }
}
