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
 * A signed line of JSON about the ledger, in a file outside the store. {@link EvaluatedStatements} decides which statements count.
 *
 * @param origin the location of the line
 * @param at the stated time of signing
 * @param key the stated fingerprint of the signing key; empty in lines of earlier versions
 * @param heads the head of every lane at that time
 * @param content the fields that depend on the kind of the statement
 * @param signed the canonical JSON that was signed
 * @param signature the signature, Base64
 */
public record Statement(
        Origin origin,
        String at,
        Optional<String> key,
        List<Ledger.Head> heads,
        Content content,
        String signed,
        String signature) {

    private static final int ID_LENGTH = 12;

    /**
     * A location in a folder of statements.
     *
     * @param file the file that contains the line
     * @param line the number of the line, from 1; 0 if it does not matter
     */
    public record Origin(Path file, int line) {

        @Override
        public String toString() {
            return "line " + line + " of " + file.getFileName();
        }
    }

    /** The fields that depend on the kind of a statement. */
    sealed interface Content permits Checkpoint, Pruned, Erased, Rotated, Abandoned {

        /** Returns the name of the kind in the line. */
        String kind();
    }

    /**
     * Confirms all records up to the heads.
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
     * @param ends the last place to delete in each lane
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
     * @param places the SHA-256 of the canonical list of their places, hex
     */
    record Erased(String places) implements Content {
        @Override
        public String kind() {
            return "erased";
        }
    }

    /**
     * Names the key that replaces the signing key.
     *
     * @param newKey the public half of the new key as X.509 SubjectPublicKeyInfo, Base64
     */
    record Rotated(String newKey) implements Content {
        @Override
        public String kind() {
            return "rotated";
        }
    }

    /**
     * States that records are missing.
     *
     * @param cause why they are missing
     * @param cuts the missing records, by lane
     * @param who the responsible person
     * @param why that person's reason
     */
    record Abandoned(Cause cause, List<Cut> cuts, String who, String why) implements Content {
        @Override
        public String kind() {
            return cause.word;
        }

        /** Returns the number of missing records, as far as known. */
        long count() {
            return cuts.stream().mapToLong(each -> each.to() - each.after()).sum();
        }
    }

    /** Why records are missing. */
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
     * The missing records of a lane. The lane ends at the head that the statement names, and the ledger continues in another lane.
     *
     * @param lane the lane
     * @param after the last remaining place; 0 for none
     * @param to the last place that is known to have existed
     * @param hash the hash of that record, hex
     */
    public record Cut(long lane, long after, long to, String hash) {

        /** Returns whether the record with that number is missing. */
        public boolean covers(long seq) {
            return after < seq && seq <= to;
        }

        /** Returns the JSON object in the statement. */
        public Map<String, Object> json() {
            return Map.of("lane", lane, "after", after, "to", to, "hash", hash);
        }
    }

    /**
     * The root of a Merkle tree over records of a lane.
     *
     * @param lane the lane
     * @param from the number of the first record
     * @param to the number of the last record
     * @param root the root, hex
     */
    public record Tree(long lane, long from, long to, String root) {

        /** Returns whether the tree contains the record with that number. */
        public boolean covers(long seq) {
            return from <= seq && seq <= to;
        }

        /** Returns the number of records. */
        public long size() {
            return to - from + 1;
        }

        /** Returns the JSON object in the statement. */
        public Map<String, Object> json() {
            return Map.of("lane", lane, "from", from, "to", to, "root", root);
        }

        @Override
        public String toString() {
            return lane + ":" + from + " to " + lane + ":" + to;
        }
    }

    /** Returns the statement's name on the ledger: the SHA-256 of the signed bytes, hex. */
    public String hash() {
        return Hashing.ofHeader(signed);
    }

    /** Returns a short id for people: the first 12 digits of the hash. */
    String id() {
        return hash().substring(0, ID_LENGTH);
    }

    /** Returns the places of the heads, for people. */
    String places() {
        return heads.stream().map(Ledger.Head::place).collect(Collectors.joining(", "));
    }

    /** Returns the head of that lane; empty if the statement does not name the lane. */
    Optional<Ledger.Head> head(long lane) {
        return heads.stream().filter(each -> each.lane() == lane).findFirst();
    }

    /** Returns the JSON object of the line, with the signature. */
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
     * Reads the JSON object of a line.
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
            // Lines of earlier versions have no kind. Their fields show the kind.
            kind = line.containsKey("pruned") ? "pruned" : line.containsKey("erased") ? "erased" : "checkpoint";
        }
        return switch (kind) {
            case "checkpoint" ->
                new Checkpoint(list(line, "trees").stream().map(Statement::tree).toList());
            case "pruned" ->
                new Pruned(list(line, "pruned").stream().map(Ledger.Head::of).toList());
            case "erased" -> new Erased(requiredText(line, "erased"));
            case "rotated" -> new Rotated(requiredText(line, "newKey"));
            case "restored" -> abandoned(Cause.RESTORED, line);
            case "lost" -> abandoned(Cause.LOST, line);
            default -> throw new IllegalArgumentException("a statement must have a known kind");
        };
    }

    private static Abandoned abandoned(Cause cause, Map<String, ?> line) {
        List<Cut> cuts = list(line, "abandoned").stream().map(Statement::cut).toList();
        return new Abandoned(cause, cuts, requiredText(line, "who"), requiredText(line, "why"));
    }

    private static Cut cut(Object json) {
        if (!(json instanceof Map<?, ?> cut)) {
            throw new IllegalArgumentException("an abandoned range must be a JSON object");
        }
        return new Cut(number(cut, "lane"), number(cut, "after"), number(cut, "to"), requiredText(cut, "hash"));
    }

    private static Tree tree(Object json) {
        if (!(json instanceof Map<?, ?> tree)) {
            throw new IllegalArgumentException("a tree must be a JSON object");
        }
        Tree result =
                new Tree(number(tree, "lane"), number(tree, "from"), number(tree, "to"), requiredText(tree, "root"));
        if (result.from() < 1 || result.to() < result.from()) {
            throw new IllegalArgumentException(
                    "the statement names records " + result.from() + " to " + result.to() + " of lane " + result.lane()
                            + ", but the first must be at least 1, and not greater than the last");
        }
        return result;
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

    private static String requiredText(Map<?, ?> json, String name) {
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
