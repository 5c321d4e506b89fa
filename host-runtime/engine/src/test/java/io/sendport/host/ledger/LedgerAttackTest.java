package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.InTurn;
import io.sendport.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Someone who can write to the database file: whatever they do to the ledger is found, by one who has the checkpoints. */
@InTurn
class LedgerAttackTest {

    private static final int ATTACKS = 1_000;
    private static final int MESSAGES = 20;
    /** Records in a segment. */
    private static final int SEGMENT = 3;

    private static final List<String> TABLES = List.of("audit_lane", "audit_segment", "audit_key", "audit_indexed");

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBoxSettings settings;
    private Path pristine;

    /** Twenty messages sent, the last checkpoint after the last of them. */
    @BeforeEach
    void fill() throws Exception {
        settings = TestBox.settings(folder);
        pristine = folder.resolve("pristine");
        try (MessageBox box = TestBox.open(settings, clock)) {
            for (int i = 0; i < MESSAGES; i++) {
                TestBox.send(box, clock, "a" + i + "@customer.example");
                if (i % 7 == 6 || i == MESSAGES - 1) {
                    checkpoints().make(box.ledger(), clock.instant(), "H", "i");
                }
            }
            List<Long> heads = List.of(21L, 43L, 62L);
            box.store().change(transaction -> Forms.join(transaction.handle(), SEGMENT, heads));
            box.ledger().index();
            // Who can write to the file can drop it.
            box.store().change(transaction -> transaction.handle().execute("DROP TRIGGER audit_segment_fixed"));
            box.store().backUp(pristine);
        }
    }

    private Checkpoints checkpoints() {
        return Checkpoints.of(settings.place(), Optional.empty());
    }

    @Test
    void isFoundWhateverIsChanged() throws Exception {
        long seed = System.nanoTime();
        System.out.println("attacks: seed " + seed);
        Random random = new Random(seed);
        List<String> unnoticed = new ArrayList<>();
        int harmless = 0;
        try (Store store = Store.open(settings, Access.READ);
                Connection connection = DriverManager.getConnection(settings.url());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = OFF");
            statement.execute("ATTACH '" + pristine + "' AS pristine");
            String before = ledger(statement);
            for (int i = 0; i < ATTACKS; i++) {
                List<String> attack = attack(random);
                execute(statement, attack);
                boolean changed = !ledger(statement).equals(before);
                Optional<String> fault =
                        new Verification(store, checkpoints()).run().fault();
                if (changed != fault.isPresent()) {
                    unnoticed.add(attack + " -> " + fault);
                }
                harmless += changed ? 0 : 1;
                for (String table : TABLES) {
                    statement.execute("DELETE FROM " + table);
                    statement.execute("INSERT INTO " + table + " SELECT * FROM pristine." + table);
                }
            }
        }
        assertThat(unnoticed).isEmpty();
        System.out.println("attacks: " + harmless + " changed nothing");
        assertThat(harmless).as("attacks that changed nothing prove nothing").isLessThan(ATTACKS / 10);
    }

    /** One to three of: edit, delete, insert, swap, cut off. */
    private static List<String> attack(Random random) {
        int records = MESSAGES * 3 + 3;
        List<String> attack = new ArrayList<>();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            String one = segment(1 + random.nextInt(records));
            String other = segment(1 + random.nextInt(records));
            switch (random.nextInt(11)) {
                case 0 -> attack.add(edit(random, one));
                case 1 -> attack.add("DELETE FROM audit_segment WHERE first_seq = " + one);
                case 2 ->
                    attack.add("INSERT OR REPLACE INTO audit_segment SELECT lane, " + (records + 1 + random.nextInt(3))
                            + ", last_seq + 60, min_at, max_at, kinds, last_hash, headers, private"
                            + " FROM audit_segment WHERE first_seq = " + one);
                case 3 -> {
                    for (String column : List.of("headers", "last_hash", "private")) {
                        attack.add("UPDATE audit_segment SET " + column + " = (SELECT o." + column
                                + " FROM audit_segment o WHERE o.first_seq = " + other + ") WHERE first_seq = " + one);
                    }
                }
                case 4 -> {
                    // The last record tells of the last checkpoint, and nothing vouches for it yet.
                    String end = "(SELECT last_seq FROM audit_segment WHERE first_seq = "
                            + segment(1 + random.nextInt(records - 4)) + ")";
                    attack.add("UPDATE audit_lane SET head_seq = " + end
                            + ", head_hash = coalesce((SELECT last_hash FROM audit_segment WHERE last_seq = " + end
                            + "), '')");
                    attack.add("DELETE FROM audit_segment WHERE first_seq > (SELECT head_seq FROM audit_lane)");
                }
                case 5 -> {
                    attack.add("UPDATE audit_lane SET pruned_seq = " + one);
                    attack.add("DELETE FROM audit_segment WHERE first_seq <= " + one);
                }
                case 6 -> attack.add("DELETE FROM audit_key WHERE segment = " + one);
                case 7 ->
                    attack.add("UPDATE audit_key SET key = substr(key, 1, 2) || 'x' || substr(key, 3) WHERE key = "
                            + key(random));
                case 8 -> attack.add("DELETE FROM audit_key WHERE key = " + key(random));
                case 9 -> attack.add("UPDATE audit_indexed SET indexed_to = indexed_to + " + (1 + random.nextInt(70)));
                default ->
                    attack.add("UPDATE audit_segment SET private = CAST(substr(private, 1, length(private) - "
                            + (1 + random.nextInt(30)) + ") AS BLOB) WHERE first_seq = " + one);
            }
        }
        return attack;
    }

    /** The first number of the segment with that record. */
    private static String segment(int seq) {
        return "(SELECT coalesce(max(first_seq), 1) FROM audit_segment WHERE first_seq <= " + seq + ")";
    }

    private static String key(Random random) {
        return "(SELECT key FROM audit_key ORDER BY key LIMIT 1 OFFSET " + random.nextInt(60) + ")";
    }

    private static String edit(Random random, String segment) {
        String column = List.of("last_seq", "min_at", "max_at", "kinds", "last_hash", "headers", "private")
                .get(random.nextInt(7));
        int at = 1 + random.nextInt(60);
        if (column.endsWith("_at") || column.endsWith("_seq")) {
            return "UPDATE audit_segment SET " + column + " = " + column + " + " + at + " WHERE first_seq = " + segment;
        }
        String type = List.of("headers", "private").contains(column) ? "BLOB" : "TEXT";
        return "UPDATE audit_segment SET " + column + " = CAST(substr(" + column + ", 1, " + at + ") || 'x' || substr("
                + column + ", " + (at + 2) + ") AS " + type + ") WHERE first_seq = " + segment;
    }

    @Test
    void isFoundUpToTheAnchorEvenWhenEveryHashIsRecomputed() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            restore();
            int seq = 1 + random.nextInt(MESSAGES * 3 + 2);
            rewrite(seq);
            assertThat(verify()).as("record " + seq).isPresent();
        }
    }

    @Test
    void isNotFoundAfterTheAnchorWhenEveryHashIsRecomputed() throws Exception {
        restore();
        rewrite(MESSAGES * 3 + 3);
        assertThat(verify())
                .as("the record of the last checkpoint itself lies after what it signs; docs/security.md says so")
                .isEmpty();
    }

    /** Changes a record, and makes the rest of the chain, its head and its columns agree with that. */
    private void rewrite(int changed) throws SQLException {
        try (Store store = Store.open(settings, Access.WRITE)) {
            store.change(transaction -> {
                Handle handle = transaction.handle();
                Forms.asRows(handle, () -> rewriteRows(handle, changed));
            });
        }
    }

    private static boolean rewriteRows(Handle handle, int changed) {
        List<Map<String, Object>> rows = handle.createQuery(
                        "SELECT seq, header, salt, private FROM audit_record ORDER BY seq")
                .map((row, context) -> {
                    Map<String, Object> each = new TreeMap<>();
                    each.put("seq", row.getLong(1));
                    each.put("header", row.getString(2));
                    each.put("salt", row.getBytes(3));
                    each.put("private", row.getString(4));
                    return each;
                })
                .list();
        String last = Hashing.NONE;
        for (Map<String, Object> each : rows) {
            long seq = (Long) each.get("seq");
            Map<String, Object> header = new TreeMap<>(Ledger.parse((String) each.get("header")));
            header.put("prevHash", last);
            if (seq == changed) {
                Map<String, Object> secret = new TreeMap<>(Ledger.parse((String) each.get("private")));
                secret.put("detail", "nothing to see here");
                each.put("private", CanonicalJson.of(secret));
                header.put("private", Hashing.ofPrivate((byte[]) each.get("salt"), (String) each.get("private")));
            }
            String canonical = CanonicalJson.of(header);
            last = Hashing.ofHeader(canonical);
            handle.execute(
                    "UPDATE audit_record SET header = ?, hash = ?, private = ? WHERE seq = ?",
                    canonical,
                    last,
                    each.get("private"),
                    seq);
        }
        handle.execute("UPDATE audit_lane SET head_hash = ? WHERE lane = 0", last);
        return true;
    }

    private void restore() throws Exception {
        for (String ending : List.of("-wal", "-shm")) {
            Files.deleteIfExists(
                    settings.place().resolveSibling(settings.place().getFileName() + ending));
        }
        Files.copy(pristine, settings.place(), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void execute(Statement statement, List<String> attack) {
        for (String each : attack) {
            try {
                statement.execute(each);
            } catch (SQLException e) {
                // A constraint held: this part of the attack was none.
                assertThat(e.getMessage()).containsIgnoringCase("constraint");
            }
        }
    }

    /** All that the ledger consists of, with the types that it is kept under. */
    private static String ledger(Statement statement) throws SQLException {
        StringBuilder all = new StringBuilder();
        for (String table : TABLES) {
            try (ResultSet row = statement.executeQuery("SELECT * FROM " + table + " ORDER BY 1, 2")) {
                while (row.next()) {
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        byte[] value = row.getBytes(i);
                        all.append(value == null ? "NULL" : HexFormat.of().formatHex(value))
                                .append('|');
                    }
                }
            }
        }
        return all.toString();
    }

    private Optional<String> verify() {
        try (Store store = Store.open(settings, Access.READ)) {
            return new Verification(store, checkpoints()).run().fault();
        }
    }
}
