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
 * The records of one commit in one lane, as one row stores them: their headers and their private parts, each framed (see
 * {@link Framing}). Nothing has been verified yet. Immutable, as long as callers do not change the arrays.
 */
public final class Segment {

    /** The maximum number of records in a segment. */
    public static final int MAX_RECORDS = 512;

    /** The maximum size of a segment in bytes; a single record may be larger. */
    public static final int MAX_BYTES = 1 << 20;

    /** The columns that {@link #read} expects, in this order. */
    static final String COLUMNS = "lane, first_seq, last_seq, min_at, max_at, kinds, last_hash, headers, private";

    /** The size of a salt in bytes. */
    static final int SALT_BYTES = 16;

    private final long lane;
    private final long first;
    private final long last;
    private final Derived derived;
    private final byte[] headers;
    private final byte[] privateParts;

    /**
     * The columns that are derived from the records of a segment.
     *
     * @param minAt the earliest time of a record, in milliseconds since 1970
     * @param maxAt the latest time of a record, in milliseconds since 1970
     * @param kinds the kinds, as {@link #kinds} writes them
     * @param lastHash the hash of the last record
     */
    public record Derived(long minAt, long maxAt, String kinds, String lastHash) {}

    Segment(long lane, long first, long last, Derived derived, byte[] headers, byte[] privateParts) {
        this.lane = lane;
        this.first = first;
        this.last = last;
        this.derived = derived;
        this.headers = headers;
        this.privateParts = privateParts;
    }

    /** Reads a row whose first columns are {@link #COLUMNS}. */
    static Segment read(ResultSet row) throws SQLException {
        return new Segment(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                new Derived(row.getLong(4), row.getLong(5), row.getString(6), row.getString(7)),
                row.getBytes(8),
                row.getBytes(9));
    }

    /** Returns the number of the lane. */
    public long lane() {
        return lane;
    }

    /** Returns the number of the first record. */
    public long first() {
        return first;
    }

    /** Returns the number of the last record. */
    public long last() {
        return last;
    }

    /** Returns the columns that are derived from the records. */
    public Derived derived() {
        return derived;
    }

    /** Returns the size of headers and private parts in bytes. */
    int size() {
        return headers.length + privateParts.length;
    }

    byte[] headers() {
        return headers;
    }

    byte[] privateParts() {
        return privateParts;
    }

    /** Returns lane, first and last number, for people. */
    public String place() {
        return lane + ":" + first + " to " + lane + ":" + last;
    }

    /** Returns the value of the column {@code kinds}: sorted, with a comma before, between and after them. */
    public static String kinds(SortedSet<String> kinds) {
        return kinds.stream().collect(Collectors.joining(",", ",", ","));
    }

    /**
     * Returns the records, in order.
     *
     * @throws IllegalArgumentException when the bytes do not contain exactly the records that the columns name; says why
     */
    public List<StoredRecord> records() {
        long count = last - first + 1;
        if (count > MAX_RECORDS) {
            throw new IllegalArgumentException("it claims " + count + " records; a segment has at most " + MAX_RECORDS);
        }
        if (count > 1 && size() > MAX_BYTES) {
            throw new IllegalArgumentException("it has " + size() + " bytes; a segment has at most " + MAX_BYTES);
        }
        Framing.Place[] headerPlaces = Framing.places(headers, count);
        Framing.Place[] privatePlaces = Framing.places(privateParts, count);
        List<StoredRecord> records = new ArrayList<>(headerPlaces.length);
        for (int i = 0; i < headerPlaces.length; i++) {
            records.add(record(first + i, headerPlaces[i], privatePlaces[i]));
        }
        return records;
    }

    private StoredRecord record(long seq, Framing.Place header, Framing.Place privatePart) {
        if (privatePart.length() < SALT_BYTES) {
            throw new IllegalArgumentException("the private part of record " + lane + ":" + seq + " has no salt");
        }
        boolean isErased = isErased(privatePart);
        return new StoredRecord(
                lane,
                seq,
                Hashing.ofHeader(headers, header.offset(), header.length()),
                new String(headers, header.offset(), header.length(), StandardCharsets.UTF_8),
                isErased
                        ? Optional.empty()
                        : Optional.of(Arrays.copyOfRange(
                                privateParts, privatePart.offset(), privatePart.offset() + SALT_BYTES)),
                isErased
                        ? null
                        : new String(
                                privateParts,
                                privatePart.offset() + SALT_BYTES,
                                privatePart.length() - SALT_BYTES,
                                StandardCharsets.UTF_8));
    }

    /** Returns whether an erasure overwrote all bytes of a private part and its salt with zeros. */
    private boolean isErased(Framing.Place privatePart) {
        for (int i = privatePart.offset(); i < privatePart.offset() + privatePart.length(); i++) {
            if (privateParts[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the header at {@code index} (from 0) without decoding the others. Does not check the frames. */
    static String header(byte[] headers, long index) {
        int at = 0;
        for (long i = 0; i < index; i++) {
            at += Framing.DIGITS + Integer.parseInt(digits(headers, at));
        }
        return new String(headers, at + Framing.DIGITS, Integer.parseInt(digits(headers, at)), StandardCharsets.UTF_8);
    }

    private static String digits(byte[] bytes, int at) {
        return new String(bytes, at, Framing.DIGITS, StandardCharsets.US_ASCII);
    }

    /** Returns whether a header contains {@code text}. This is much faster than reading the records. */
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
     * Returns the private parts, with zeros in place of the private parts of the records that {@code isErased} selects. The size does
     * not change, so that the database can overwrite them in place.
     */
    byte[] privatePartsWithout(LongPredicate isErased) {
        byte[] remaining = privateParts.clone();
        Framing.Place[] places = Framing.places(privateParts, last - first + 1);
        for (int i = 0; i < places.length; i++) {
            if (isErased.test(first + i)) {
                Arrays.fill(remaining, places[i].offset(), places[i].offset() + places[i].length(), (byte) 0);
            }
        }
        return remaining;
    }

    /** Builds a segment record by record. Not thread-safe. */
    static final class Growing {
        private final long lane;
        private final long first;
        private final List<byte[]> headers = new ArrayList<>(1);
        private final List<byte[]> salts = new ArrayList<>(1);
        private final List<byte[]> privateParts = new ArrayList<>(1);
        private final SortedSet<String> kinds = new TreeSet<>();
        private int headerBytes;
        private int privateBytes;
        private long minAt = Long.MAX_VALUE;
        private long maxAt = Long.MIN_VALUE;
        private String lastHash = Hashing.NONE;

        Growing(long lane, long first) {
            this.lane = lane;
            this.first = first;
        }

        /** Returns whether the segment has no room for a record of that many bytes. */
        boolean isFull(int bytes) {
            int frames = 2 * Framing.DIGITS + SALT_BYTES;
            return headers.size() == MAX_RECORDS
                    || (!isEmpty() && headerBytes + privateBytes + bytes + frames > MAX_BYTES);
        }

        boolean isEmpty() {
            return headers.isEmpty();
        }

        /** Returns the number of the next record to add. */
        long next() {
            return first + headers.size();
        }

        /** Adds a record. If its private part was erased, {@code salt} and {@code privatePart} are zeros. */
        void add(Instant at, String kind, byte[] header, String hash, byte[] salt, byte[] privatePart) {
            headers.add(header);
            salts.add(salt);
            privateParts.add(privatePart);
            headerBytes += Framing.DIGITS + header.length;
            privateBytes += Framing.DIGITS + salt.length + privatePart.length;
            kinds.add(kind);
            minAt = Math.min(minAt, at.toEpochMilli());
            maxAt = Math.max(maxAt, at.toEpochMilli());
            lastHash = hash;
        }

        /** Returns the segment with the records added so far; at least one. */
        Segment build() {
            ByteBuffer allHeaders = ByteBuffer.allocate(headerBytes);
            ByteBuffer allPrivateParts = ByteBuffer.allocate(privateBytes);
            for (int i = 0; i < headers.size(); i++) {
                Framing.write(allHeaders, headers.get(i));
                Framing.write(allPrivateParts, salts.get(i), privateParts.get(i));
            }
            return new Segment(
                    lane,
                    first,
                    next() - 1,
                    new Derived(minAt, maxAt, kinds(kinds), lastHash),
                    allHeaders.array(),
                    allPrivateParts.array());
        }
    }
}
