package io.sendport.host.ledger.reconcile;

import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Compares the ledger with an archive of the relay. Reads both once into a temporary database, so that their size is not limited by
 * memory. Deletes the database afterwards.
 */
public final class Reconciliation {

    private static final List<Kind> RESULTS = List.of(Kind.ACCEPTED, Kind.DEFERRED, Kind.REFUSED, Kind.IN_DOUBT);
    private static final int BATCH = 1_000;

    /** The form of the Message-IDs that Sendport creates. */
    private static final Pattern OURS =
            Pattern.compile("<[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}@[^>]+>");

    private final Ledger ledger;
    private final Archive archive;
    private final Predicate<AuditRecord> isChosen;
    private final boolean ignoreForeign;

    /**
     * Creates a comparison of {@code ledger} with {@code archive}.
     *
     * @param ledger the ledger, which has the sent mails
     * @param archive the archived mails
     * @param isChosen selects the records to report; mails of other records are paired, but not reported
     * @param ignoreForeign whether to ignore mails whose Message-ID cannot come from Sendport
     */
    public Reconciliation(Ledger ledger, Archive archive, Predicate<AuditRecord> isChosen, boolean ignoreForeign) {
        this.ledger = ledger;
        this.archive = archive;
        this.isChosen = isChosen;
        this.ignoreForeign = ignoreForeign;
    }

    /**
     * The result of a reconciliation.
     *
     * @param both the number of deliveries that are on the ledger and in the archive with the same fingerprint
     * @param arrived the number of deliveries that are in doubt on the ledger, but in the archive
     * @param unknown the number of deliveries that are in doubt on the ledger, and not in the archive
     * @param foreign the number of ignored mails
     * @param differences the number of differences by kind
     * @param hasBytes whether digests of bytes were compared; otherwise queue ids
     */
    public record Summary(
            long both,
            long arrived,
            long unknown,
            long foreign,
            Map<Difference.Kind, Long> differences,
            boolean hasBytes) {

        /** A comparison of nothing. */
        public static final Summary NONE = new Summary(0, 0, 0, 0, Map.of(), false);

        /** Returns whether there was nothing to compare. */
        public boolean isEmpty() {
            return both == 0 && arrived == 0 && unknown == 0 && differences.isEmpty();
        }

        /** Returns the number of differences of that kind. */
        public long count(Difference.Kind kind) {
            return differences.getOrDefault(kind, 0L);
        }

        /** Returns the numbers by name, for the ledger and for JSON. */
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("both", both);
            fields.put("ledgerOnly", count(Difference.Kind.LEDGER_ONLY));
            fields.put("archiveOnly", count(Difference.Kind.ARCHIVE_ONLY));
            fields.put("differs", count(Difference.Kind.DIFFERS));
            fields.put("inDoubtArrived", arrived);
            fields.put("inDoubtUnknown", unknown);
            fields.put("foreign", foreign);
            fields.put("bytesCompared", hasBytes);
            return fields;
        }
    }

    /**
     * Compares both, and passes every difference to {@code consumer}.
     *
     * @throws IOException when the archive cannot be read, or the temporary database fails
     */
    public Summary run(Consumer<Difference> consumer) throws IOException {
        Path folder = Files.createTempDirectory("sendport-reconcile");
        Path file = folder.resolve("scratch.db");
        try (Connection scratch = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            try (Statement statement = scratch.createStatement()) {
                statement.execute("PRAGMA journal_mode = OFF");
                statement.execute("PRAGMA synchronous = OFF");
                statement.execute(
                        "CREATE TABLE sent (mid TEXT, print TEXT, sure INTEGER, chosen INTEGER, record TEXT, message TEXT)");
                statement.execute("CREATE TABLE kept (mid TEXT, print TEXT, place TEXT)");
                scratch.setAutoCommit(false);
                readLedger(scratch);
                statement.execute("CREATE INDEX sent_mid ON sent (mid, print)");
            }
            long foreign = readArchive(scratch);
            return compare(scratch, foreign, consumer);
        } catch (SQLException e) {
            throw new IOException("the temporary database in " + folder + " failed: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    private void readLedger(Connection scratch) throws SQLException {
        try (PreparedStatement insert = scratch.prepareStatement("INSERT INTO sent VALUES (?, ?, ?, ?, ?, ?)")) {
            Counted batch = new Counted(insert);
            List<SQLException> failed = new ArrayList<>();
            ledger.read(AuditFilter.all().ofKinds(RESULTS), each -> {
                try {
                    add(each, batch);
                } catch (SQLException e) {
                    failed.add(e);
                }
                return failed.isEmpty();
            });
            if (!failed.isEmpty()) {
                throw failed.get(0);
            }
            batch.flush();
        }
    }

    private void add(AuditRecord each, Counted batch) throws SQLException {
        Set<String> outcomes = outcomes(each);
        boolean sure = outcomes.contains("accepted");
        if (!sure && !outcomes.contains("inDoubt")) {
            return;
        }
        batch.add(
                each.detail("mimeMessageId"),
                archive.hasBytes() ? each.header("sha256") : each.detail("queueId"),
                sure ? 1 : 0,
                isChosen.test(each) ? 1 : 0,
                each.lane() + ":" + each.seq(),
                each.header("message"));
    }

    /** Returns the outcomes of the recipients. If they were erased, derives an outcome from the kind of the record. */
    private static Set<String> outcomes(AuditRecord each) {
        Set<String> outcomes = new HashSet<>();
        if (each.secret().get("recipients") instanceof List<?> recipients) {
            for (Object one : recipients) {
                if (one instanceof Map<?, ?> facts) {
                    outcomes.add(String.valueOf(facts.get("outcome")));
                }
            }
        }
        boolean areUnknown = outcomes.isEmpty() || outcomes.equals(Set.of("null"));
        if (areUnknown) {
            return Set.of(each.header("kind").equals(Kind.ACCEPTED.name()) ? "accepted" : "inDoubt");
        }
        return outcomes;
    }

    /** Reads the archive. Returns the number of ignored mails. */
    private long readArchive(Connection scratch) throws SQLException, IOException {
        long[] foreign = {0};
        try (PreparedStatement insert = scratch.prepareStatement("INSERT INTO kept VALUES (?, ?, ?)");
                PreparedStatement known = scratch.prepareStatement("SELECT 1 FROM sent WHERE mid = ? AND print = ?")) {
            Counted batch = new Counted(insert);
            archive.read(mail -> {
                try {
                    // An erased record has no Message-ID on the ledger, but still has its digest.
                    String erased = known(known, "", mail.fingerprints());
                    String own = known(known, mail.mimeMessageId(), mail.fingerprints());
                    if (own.isEmpty() && !erased.isEmpty()) {
                        batch.add("", erased, mail.place());
                    } else if (ignoreForeign
                            && !OURS.matcher(mail.mimeMessageId()).matches()) {
                        foreign[0]++;
                    } else {
                        batch.add(mail.mimeMessageId(), own, mail.place());
                    }
                } catch (SQLException e) {
                    throw new IOException("the temporary database failed: " + e.getMessage(), e);
                }
            });
            batch.flush();
        }
        return foreign[0];
    }

    /** Returns the first of {@code prints} that the ledger has for that Message-ID; empty when it has none. */
    private static String known(PreparedStatement query, String mid, Set<String> prints) throws SQLException {
        for (String print : prints) {
            query.setString(1, mid);
            query.setString(2, print);
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    return print;
                }
            }
        }
        return "";
    }

    private Summary compare(Connection scratch, long foreign, Consumer<Difference> consumer) throws SQLException {
        Totals totals = new Totals(consumer);
        try (Statement statement = scratch.createStatement();
                ResultSet row = statement.executeQuery("SELECT mid, 0, print, sure, chosen, record, message FROM sent"
                        + " UNION ALL SELECT mid, 1, print, 0, 0, place, '' FROM kept ORDER BY 1")) {
            String mid = "";
            List<Comparison.Sent> sent = new ArrayList<>();
            List<Comparison.Kept> kept = new ArrayList<>();
            while (row.next()) {
                if (!row.getString(1).equals(mid)) {
                    totals.add(Comparison.of(mid, sent, kept));
                    sent.clear();
                    kept.clear();
                    mid = row.getString(1);
                }
                if (row.getInt(2) == 0) {
                    sent.add(new Comparison.Sent(
                            row.getString(3),
                            row.getInt(4) == 1,
                            row.getInt(5) == 1,
                            row.getString(6),
                            row.getString(7)));
                } else {
                    kept.add(new Comparison.Kept(row.getString(3), row.getString(6)));
                }
            }
            totals.add(Comparison.of(mid, sent, kept));
        }
        return new Summary(
                totals.both, totals.arrived, totals.unknown, foreign, totals.differences, archive.hasBytes());
    }

    /** Adds up the results of the comparisons. */
    private static final class Totals {
        private final Consumer<Difference> consumer;
        private final Map<Difference.Kind, Long> differences = new EnumMap<>(Difference.Kind.class);
        private long both;
        private long arrived;
        private long unknown;

        Totals(Consumer<Difference> consumer) {
            this.consumer = consumer;
        }

        void add(Comparison comparison) {
            both += comparison.both();
            arrived += comparison.arrived();
            unknown += comparison.unknown();
            for (Difference each : comparison.differences()) {
                differences.merge(each.kind(), 1L, Long::sum);
                consumer.accept(each);
            }
        }
    }

    /** Inserts rows in batches. */
    private static final class Counted {
        private final PreparedStatement insert;
        private int pending;

        Counted(PreparedStatement insert) {
            this.insert = insert;
        }

        void add(Object... values) throws SQLException {
            for (int i = 0; i < values.length; i++) {
                insert.setObject(i + 1, values[i]);
            }
            insert.addBatch();
            if (++pending == BATCH) {
                flush();
            }
        }

        void flush() throws SQLException {
            insert.executeBatch();
            pending = 0;
        }
    }
}
