package io.sendport.host.box.outbox;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.submit.Submission;
import io.sendport.host.box.outbox.StoredSubmission.StoredPart;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.Transaction;
import io.sendport.support.Wildcard;
import io.sendport.support.text.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * The outbox: the table {@code submission} and the tables that belong to it. On PostgreSQL only. docs/outbox.md is the contract with
 * applications. Safe for use by several threads.
 */
public final class Outbox {

    private static final int PAGE = 100;
    private static final long PAGE_BYTES = 16L * 1024 * 1024;
    private static final int MAX_REFUSAL = 1_000;

    private final Store store;
    private final Ledger ledger;
    private final Clock clock;

    /** The outbox in {@code store}. */
    public Outbox(Store store, Ledger ledger, Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Takes or renews the lease of the outbox. Only the process that holds it admits submissions.
     *
     * @return whether {@code owner} holds it for at least half of {@code lease} from now on
     */
    public boolean lease(String owner, Duration lease) {
        double seconds = lease.toMillis() / 1_000.0;
        Optional<Boolean> isMine = store.readWithShortTimeout(handle -> handle.createQuery("SELECT CASE"
                        + " WHEN owner = ? AND until > clock_timestamp() + make_interval(secs => ?) THEN 1"
                        + " WHEN owner <> ? AND until > clock_timestamp() THEN 0 ELSE -1 END FROM submission_admitter")
                .bind(0, owner)
                .bind(1, seconds / 2)
                .bind(2, owner)
                .map((row, context) -> row.getInt(1) < 0 ? Optional.<Boolean>empty() : Optional.of(row.getInt(1) == 1))
                .one());
        return isMine.orElseGet(() -> store.write(transaction -> transaction
                        .handle()
                        .execute(
                                "UPDATE submission_admitter SET owner = ?, until = clock_timestamp() + make_interval(secs => ?)"
                                        + " WHERE owner = ? OR until <= clock_timestamp()",
                                owner,
                                seconds,
                                owner)
                == 1));
    }

    /**
     * The next submissions that wait, in the order of their numbers.
     *
     * @param after only submissions with a higher number
     * @param without the ports whose submissions are left out
     * @return the submissions; empty when there are no more
     */
    public List<StoredSubmission> waiting(long after, Collection<String> without) {
        return store.read(handle -> {
            List<Sized> page = page(handle, after, without);
            // If a single submission is too large for memory, its bodies are read from their rows one at a time.
            boolean isInMemory = page.stream().mapToLong(Sized::bytes).sum() <= PAGE_BYTES;
            return page.isEmpty() ? List.of() : submissions(handle, page, isInMemory);
        });
    }

    /** Chooses as many submissions as fit into memory together, but at least one. */
    private static List<Sized> page(Handle handle, long after, Collection<String> without) {
        List<Sized> some = new ArrayList<>();
        long bytes = 0;
        // The tab, which is not the name of a port, keeps a list of only the empty name from becoming an empty list.
        List<Sized> page = handle.createQuery(
                        "SELECT s.no, coalesce(octet_length(s.body), 0) + (SELECT coalesce(sum(octet_length(p.body)), 0)"
                                + " FROM submission_part p WHERE p.submission = s.id) FROM submission s"
                                + " WHERE s.refusal IS NULL AND s.no > ? AND s.port <> ALL (string_to_array(?, E'\\n'))"
                                + " ORDER BY s.no LIMIT ?")
                .bind(0, after)
                .bind(1, without.stream().map(port -> "\n" + port).collect(Collectors.joining("", "\t", "")))
                .bind(2, PAGE)
                .map((row, context) -> new Sized(row.getLong(1), row.getLong(2)))
                .list();
        for (Sized each : page) {
            bytes += each.bytes();
            if (bytes > PAGE_BYTES && !some.isEmpty()) {
                break;
            }
            some.add(each);
        }
        return some;
    }

    /** Joins numbers with commas, for {@code string_to_array}. */
    private static String numbers(Stream<Long> numbers) {
        return numbers.map(String::valueOf).collect(Collectors.joining(","));
    }

    /** The number of a submission, and the size of the bodies in its rows. */
    private record Sized(long no, long bytes) {}

    private List<StoredSubmission> submissions(Handle handle, List<Sized> page, boolean isInMemory) {
        String numbers = numbers(page.stream().map(Sized::no));
        // Selects the body, or NULL if it is not needed, and the size of the body in both cases.
        String body = isInMemory ? "%1$s.body, octet_length(%1$s.body)" : "NULL::bytea, octet_length(%1$s.body)";
        String those = " WHERE s.refusal IS NULL AND s.no = ANY (string_to_array(?, ',')::bigint[])";
        Map<String, List<StoredPart>> parts = new HashMap<>();
        String sizes =
                "SELECT c.submission, c.part, count(*), sum(octet_length(c.bytes)), max(c.no) FROM submission_chunk c"
                        + " JOIN submission s ON s.id = c.submission" + those + " GROUP BY c.submission, c.part";
        Map<String, Chunks> chunks = new HashMap<>();
        handle.createQuery(sizes)
                .bind(0, numbers)
                .map((row, context) -> chunks.put(
                        row.getString(1) + " " + row.getInt(2),
                        new Chunks(row.getInt(3), row.getLong(4), row.getInt(5) == row.getInt(3) - 1)))
                .list();
        handle.createQuery("SELECT p.submission, p.no, p.content_type, p.file_name, p.part_properties, "
                        + body.formatted("p") + " FROM submission_part p JOIN submission s ON s.id = p.submission"
                        + those + " ORDER BY p.submission, p.no")
                .bind(0, numbers)
                .map((row, context) -> parts.computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                        .add(part(row, chunks)))
                .list();
        return handle.createQuery(
                        "SELECT s.id, 0, s.content_type, s.file_name, s.part_properties, " + body.formatted("s")
                                + ", s.no, s.port, s.properties,"
                                + " s.dedupe_key, s.submitted_by, (SELECT string_agg(g.port, E'\\n') FROM submission_grant g"
                                + " WHERE g.role = s.submitted_by) FROM submission s" + those + " ORDER BY s.no")
                .bind(0, numbers)
                .map((row, context) -> submission(row, chunks, parts))
                .list();
    }

    /**
     * The chunks of a part.
     *
     * @param isWhole whether the numbers of the chunks go up from 0 without a gap
     */
    private record Chunks(int count, long bytes, boolean isWhole) {}

    private StoredSubmission submission(ResultSet row, Map<String, Chunks> chunks, Map<String, List<StoredPart>> parts)
            throws SQLException {
        List<StoredPart> all = new ArrayList<>(List.of(part(row, chunks)));
        all.addAll(parts.getOrDefault(row.getString(1), List.of()));
        String port = row.getString(9);
        return new StoredSubmission(
                new MessageId(row.getString(1)),
                row.getLong(8),
                port,
                row.getString(10),
                Optional.ofNullable(row.getString(11)),
                row.getString(12),
                Optional.ofNullable(row.getString(13))
                        .filter(patterns -> patterns.lines()
                                .anyMatch(each ->
                                        Wildcard.pattern(each).matcher(port).matches()))
                        .isPresent(),
                all);
    }

    private StoredPart part(ResultSet row, Map<String, Chunks> chunks) throws SQLException {
        MessageId id = new MessageId(row.getString(1));
        int no = row.getInt(2);
        byte[] bytes = row.getBytes(6);
        long size = row.getLong(7);
        Optional<Body> inRow = row.wasNull()
                ? Optional.empty()
                : Optional.of(bytes == null ? StoredBody.inRow(store, id, no, size) : Body.wrapping(bytes));
        Optional<Chunks> apart = Optional.ofNullable(chunks.get(row.getString(1) + " " + no));
        return new StoredPart(
                no,
                row.getString(3),
                Optional.ofNullable(row.getString(4)),
                row.getString(5),
                inRow,
                apart.map(each -> StoredBody.inChunks(store, id, no, each.count(), each.bytes())),
                apart.filter(each -> !each.isWhole()).isEmpty());
    }

    /**
     * Removes submissions from the outbox, in the transaction in which they become messages.
     *
     * @param owner the process that must hold the lease
     * @throws OutboxChangedException when another process holds the lease, or a submission is no longer in the outbox
     */
    public static void take(Transaction transaction, String owner, List<StoredSubmission> taken) {
        Handle handle = transaction.handle();
        boolean isOwner = handle.createQuery("SELECT 1 FROM submission_admitter WHERE owner = ? FOR SHARE")
                .bind(0, owner)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (!isOwner) {
            throw new OutboxChangedException("another process admits submissions now");
        }
        String numbers = numbers(taken.stream().map(StoredSubmission::no));
        int deleted = handle.execute(
                "DELETE FROM submission WHERE refusal IS NULL AND no = ANY (string_to_array(?, ',')::bigint[])",
                numbers);
        if (deleted != taken.size()) {
            throw new OutboxChangedException("a submission was withdrawn while it was about to be admitted");
        }
    }

    /** Whether a write failed because of its values, so that another attempt with the same values would fail too. */
    public static boolean rejectsValues(StoreException failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLException e && e.getSQLState() != null) {
                // Classes 22 (data), 23 (integrity constraint) and 54 (program limit): PostgreSQL manual, appendix A.
                return e.getSQLState().matches("(22|23|54).*");
            }
        }
        return false;
    }

    /** Stores that submission {@code id} was a duplicate of {@code message}, which has the same dedupe key. */
    public void noteDuplicate(Transaction transaction, MessageId id, MessageId message) {
        transaction
                .handle()
                .execute(
                        "INSERT INTO submission_duplicate (id, message, at) VALUES (?::uuid, ?, ?) ON CONFLICT (id) DO NOTHING",
                        id.value(),
                        message.value(),
                        clock.millis());
    }

    /** Refuses a submission permanently, and records that on the ledger. The submission stays in the outbox with the reason. */
    public void refuse(StoredSubmission refused, String reason) {
        String why = Text.printable(reason, MAX_REFUSAL);
        store.change(transaction -> {
            int marked = transaction
                    .handle()
                    .execute("UPDATE submission SET refusal = ? WHERE no = ? AND refusal IS NULL", why, refused.no());
            if (marked == 1) {
                ledger.append(
                        transaction,
                        Entry.of(Kind.NOT_TAKEN)
                                .header("port", Text.printable(refused.port()))
                                .detail("actor", Text.printable(refused.submittedBy()))
                                .detail(
                                        "dedupeKey",
                                        Text.printable(refused.dedupeKey().orElse(""), Submission.LONGEST_KEY))
                                .detail("detail", "submission " + refused.id() + ": " + why));
            }
        });
    }

    /** Whether {@code owner} holds the lease. */
    public boolean isAdmittedBy(String owner) {
        return store.readWithShortTimeout(handle -> handle.createQuery(
                                "SELECT count(*) FROM submission_admitter WHERE owner = ? AND until > clock_timestamp()")
                        .bind(0, owner)
                        .mapTo(Integer.class)
                        .one()
                == 1);
    }

    /** How many refused submissions of each role are still in the outbox. */
    public Map<String, Integer> refused() {
        return store.readWithShortTimeout(handle -> handle
                .createQuery("SELECT submitted_by, count(*) FROM submission WHERE refusal IS NOT NULL GROUP BY 1")
                .map((row, context) -> Map.entry(row.getString(1), row.getInt(2)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** The submission that has waited longest; empty when none waits. */
    public Optional<Oldest> oldest() {
        return store.readWithShortTimeout(handle -> handle.createQuery(
                        "SELECT port, submitted_at FROM submission WHERE refusal IS NULL ORDER BY no LIMIT 1")
                .map((row, context) ->
                        new Oldest(row.getString(1), row.getTimestamp(2).toInstant()))
                .findOne());
    }

    /**
     * The submission that has waited longest.
     *
     * @param port the port that it names; may be empty
     * @param since when it was inserted
     */
    public record Oldest(String port, Instant since) {}

    /** Deletes refused submissions, and rows about duplicates, from before {@code before}. */
    public void forget(Instant before) {
        store.change(transaction -> {
            Handle handle = transaction.handle();
            handle.execute(
                    "DELETE FROM submission WHERE refusal IS NOT NULL AND submitted_at < to_timestamp(? / 1000.0)",
                    before.toEpochMilli());
            handle.execute("DELETE FROM submission_duplicate WHERE at < ?", before.toEpochMilli());
        });
    }

    /** Gives the lease back, so that another process need not wait until it lapses. */
    public void release(String owner) {
        store.change(transaction -> transaction
                .handle()
                .execute("UPDATE submission_admitter SET until = clock_timestamp() WHERE owner = ?", owner));
    }
}
