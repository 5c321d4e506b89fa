package io.sendport.host.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * The records of one commit in one lane, as stored: a row with their headers and their private parts, each framed (see
 * {@link Framing}). Nothing has been verified yet. Immutable by convention: nobody changes the arrays.
 */
public final class Segment {

    /** The maximum number of records in a segment. */
    public static final int MAX_RECORDS = 512;

    /** The maximum size of a segment in bytes; a single record may be larger. */
    public static final int MAX_BYTES = 1 << 20;

    /** The columns of {@link #read}, in its order. */
    static final String COLUMNS = "lane, first_seq, last_seq, min_at, max_at, kinds, last_hash, headers, private";

    static final int SALT = 16;

    private final long lane;
    private final long first;
    private final long last;
    private final Derived derived;
    private final byte[] headers;
    private final byte[] secrets;

    /**
     * What a segment's row says about its records.
     *
     * @param minAt the earliest time, in milliseconds since 1970
     * @param maxAt the latest time
     * @param kinds the kinds, as {@link #kinds} writes them
     * @param lastHash the hash of the last record
     */
    public record Derived(long minAt, long maxAt, String kinds, String lastHash) {}

    Segment(long lane, long first, long last, Derived derived, byte[] headers, byte[] secrets) {
        this.lane = lane;
        this.first = first;
        this.last = last;
        this.derived = derived;
        this.headers = headers;
        this.secrets = secrets;
    }

    /** Reads a row that starts with {@link #COLUMNS}. */
    static Segment read(ResultSet row) throws SQLException {
        return new Segment(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                new Derived(row.getLong(4), row.getLong(5), row.getString(6), row.getString(7)),
                row.getBytes(8),
                row.getBytes(9));
    }

    public long lane() {
        return lane;
    }

    /** The number of its first record in the lane. */
    public long first() {
        return first;
    }

    /** The number of its last record in the lane. */
    public long last() {
        return last;
    }

    /** What its row says about its records. */
    public Derived derived() {
        return derived;
    }

    /** The number of its bytes. */
    int size() {
        return headers.length + secrets.length;
    }

    byte[] headers() {
        return headers;
    }

    byte[] secrets() {
        return secrets;
    }

    /** Lane, first and last number. */
    public String place() {
        return lane + ":" + first + " to " + lane + ":" + last;
    }

    /** The value of the column {@code kinds}: sorted, with a comma before, between and after them. */
    public static String kinds(SortedSet<String> kinds) {
        return kinds.stream().collect(Collectors.joining(",", ",", ","));
    }

    /**
     * Its records, in order.
     *
     * @throws IllegalArgumentException when its bytes are not the frames of as many records as it claims; says why
     */
    public List<StoredRecord> links() {
        long count = last - first + 1;
        if (count > MAX_RECORDS) {
            throw new IllegalArgumentException("it claims " + count + " records; a segment has at most " + MAX_RECORDS);
        }
        if (count > 1 && size() > MAX_BYTES) {
            throw new IllegalArgumentException("it has " + size() + " bytes; a segment has at most " + MAX_BYTES);
        }
        Framing.Place[] header = Framing.places(headers, count);
        Framing.Place[] secret = Framing.places(secrets, count);
        List<StoredRecord> links = new ArrayList<>(header.length);
        for (int i = 0; i < header.length; i++) {
            links.add(link(first + i, header[i], secret[i]));
        }
        return links;
    }

    private StoredRecord link(long seq, Framing.Place header, Framing.Place secret) {
        if (secret.length() < SALT) {
            throw new IllegalArgumentException("the private part of record " + lane + ":" + seq + " has no salt");
        }
        boolean isBlank = isBlank(secret);
        return new StoredRecord(
                lane,
                seq,
                Hashing.ofHeader(headers, header.offset(), header.length()),
                new String(headers, header.offset(), header.length(), StandardCharsets.UTF_8),
                isBlank
                        ? Optional.empty()
                        : Optional.of(Arrays.copyOfRange(secrets, secret.offset(), secret.offset() + SALT)),
                isBlank
                        ? null
                        : new String(secrets, secret.offset() + SALT, secret.length() - SALT, StandardCharsets.UTF_8));
    }

    /** Whether all bytes of a private part and its salt were overwritten. */
    private boolean isBlank(Framing.Place secret) {
        for (int i = secret.offset(); i < secret.offset() + secret.length(); i++) {
            if (secrets[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** The header at that place, without reading the others. */
    static String header(byte[] headers, long index) {
        int at = 0;
        for (long i = 0; i < index; i++) {
            at += Framing.DIGITS + Integer.parseInt(ascii(headers, at));
        }
        return new String(headers, at + Framing.DIGITS, Integer.parseInt(ascii(headers, at)), StandardCharsets.UTF_8);
    }

    private static String ascii(byte[] bytes, int at) {
        return new String(bytes, at, Framing.DIGITS, StandardCharsets.US_ASCII);
    }

    /** Whether a header in it contains {@code text}. This is much faster than reading its records. */
    boolean mentions(byte[] text) {
        int end = headers.length - text.length;
        for (int i = 0; i <= end; i++) {
            if (headers[i] == text[0] && Arrays.equals(headers, i, i + text.length, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Its private parts, with zeros in place of those of the records with these numbers. The size stays, so that a database may
     * overwrite them where they are.
     */
    byte[] secretsWithout(LongPredicate seqs) {
        byte[] kept = secrets.clone();
        Framing.Place[] places = Framing.places(secrets, last - first + 1);
        for (int i = 0; i < places.length; i++) {
            if (seqs.test(first + i)) {
                Arrays.fill(kept, places[i].offset(), places[i].offset() + places[i].length(), (byte) 0);
            }
        }
        return kept;
    }

    /** A segment that grows record by record. For one thread. */
    static final class Growing {
        private final long lane;
        private final long first;
        private final List<byte[]> headers = new ArrayList<>(1);
        private final List<byte[]> salts = new ArrayList<>(1);
        private final List<byte[]> secrets = new ArrayList<>(1);
        private final SortedSet<String> kinds = new TreeSet<>();
        private int headerBytes;
        private int secretBytes;
        private long minAt = Long.MAX_VALUE;
        private long maxAt = Long.MIN_VALUE;
        private String lastHash = Hashing.NONE;

        Growing(long lane, long first) {
            this.lane = lane;
            this.first = first;
        }

        /** Whether it has no room for a record of that many bytes. */
        boolean isFull(int bytes) {
            int frames = 2 * Framing.DIGITS + SALT;
            return headers.size() == MAX_RECORDS
                    || (!isEmpty() && headerBytes + secretBytes + bytes + frames > MAX_BYTES);
        }

        boolean isEmpty() {
            return headers.isEmpty();
        }

        /** The number of the record that is added next. */
        long next() {
            return first + headers.size();
        }

        /** Adds a record; an erased private part and its salt consist of zeros. */
        void add(Instant at, String kind, byte[] header, String hash, byte[] salt, byte[] secret) {
            headers.add(header);
            salts.add(salt);
            secrets.add(secret);
            headerBytes += Framing.DIGITS + header.length;
            secretBytes += Framing.DIGITS + salt.length + secret.length;
            kinds.add(kind);
            minAt = Math.min(minAt, at.toEpochMilli());
            maxAt = Math.max(maxAt, at.toEpochMilli());
            lastHash = hash;
        }

        /** The segment with the records added so far; at least one. */
        Segment done() {
            ByteBuffer allHeaders = ByteBuffer.allocate(headerBytes);
            ByteBuffer allSecrets = ByteBuffer.allocate(secretBytes);
            for (int i = 0; i < headers.size(); i++) {
                Framing.write(allHeaders, headers.get(i));
                Framing.write(allSecrets, salts.get(i), secrets.get(i));
            }
            return new Segment(
                    lane,
                    first,
                    next() - 1,
                    new Derived(minAt, maxAt, kinds(kinds), lastHash),
                    allHeaders.array(),
                    allSecrets.array());
        }
    }
}
