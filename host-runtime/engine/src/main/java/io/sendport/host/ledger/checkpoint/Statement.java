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
 * A line of JSON about the ledger, signed and kept outside the store. {@link Testimony} says which statements count.
 *
 * @param origin where it lies
 * @param at when it was signed, as it says
 * @param key the fingerprint of the key that signed it, as it says; empty in lines of earlier versions
 * @param heads the end of every lane at that time
 * @param content what it is for
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
     * A place in a folder of statements.
     *
     * @param file that holds the line
     * @param line its number, from 1
     */
    public record Origin(Path file, int line) {

        @Override
        public String toString() {
            return "line " + line + " of " + file.getFileName();
        }
    }

    /** What a statement is for. */
    sealed interface Content permits Checkpoint, Pruned, Erased, Rotated, Abandoned {

        /** The word for it in the line. */
        String kind();
    }

    /**
     * Vouches for everything up to its heads.
     *
     * @param trees Merkle roots over what came since the checkpoint before; empty in lines of earlier versions
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
     * @param ends the last place of each lane that goes
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
     * Another key signs from now on.
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
     * Records are gone that were signed, and a person says why.
     *
     * @param cause what made them go
     * @param cuts which
     * @param who the person
     * @param why in their words
     */
    record Abandoned(Cause cause, List<Cut> cuts, String who, String why) implements Content {
        @Override
        public String kind() {
            return cause.word;
        }

        /** How many records are gone, at most. */
        long count() {
            return cuts.stream().mapToLong(each -> each.to() - each.after()).sum();
        }
    }

    /** What made records go. */
    enum Cause {
        /** A backup took the place of the store. */
        RESTORED("restored"),
        /** The database lost what it had committed. */
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
     * The records of a lane that are gone. The lane ends at the head that the statement names, and the ledger goes on in another one.
     *
     * @param lane the lane
     * @param after the last place that is still there
     * @param to the last one that is known to have been there
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

    /** What the ledger calls it. */
    public String hash() {
        return Hashing.ofHeader(signed);
    }

    /** What a person calls it. */
    String id() {
        return hash().substring(0, SHORT);
    }

    /** The places that it vouches for. */
    String places() {
        return heads.stream().map(Ledger.Head::place).collect(Collectors.joining(", "));
    }

    /** Its end of that lane, if it names one. */
    Optional<Ledger.Head> head(long lane) {
        return heads.stream().filter(each -> each.lane() == lane).findFirst();
    }

    /** The line, with its signature. */
    public Map<String, Object> line() {
        Map<String, Object> line = new TreeMap<>(Ledger.parse(signed));
        line.put("signature", signature);
        return line;
    }

    /** What {@code line} says; empty when it is no statement. */
    static Optional<Statement> parse(Origin origin, String line) {
        try {
            return Optional.of(of(origin, Ledger.parse(line)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * What a line says.
     *
     * @throws IllegalArgumentException when it is no statement
     */
    public static Statement of(Origin origin, Map<String, ?> line) {
        Map<String, Object> content = new TreeMap<>(line);
        if (!(content.remove("signature") instanceof String signature) || !(content.get("at") instanceof String at)) {
            throw new IllegalArgumentException("a statement has a time and a signature");
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
            throw new IllegalArgumentException("a statement has a time", e);
        }
    }

    private static Content content(Map<String, ?> line) {
        String kind = text(line, "kind");
        if (kind == null) {
            // Lines of earlier versions tell by what they hold.
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
            throw new IllegalArgumentException("what was abandoned is an object");
        }
        return new Cut(number(cut, "lane"), number(cut, "after"), number(cut, "to"), need(cut, "hash"));
    }

    private static Tree tree(Object json) {
        if (!(json instanceof Map<?, ?> tree)) {
            throw new IllegalArgumentException("a tree is an object");
        }
        Tree made = new Tree(number(tree, "lane"), number(tree, "from"), number(tree, "to"), need(tree, "root"));
        if (made.from() < 1 || made.to() < made.from()) {
            throw new IllegalArgumentException("a tree covers records from its first to its last");
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
