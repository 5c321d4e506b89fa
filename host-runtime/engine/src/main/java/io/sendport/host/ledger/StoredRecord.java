package io.sendport.host.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record as stored on disk or in an exported file: the canonical bytes and their hashes. Nothing has been verified yet.
 *
 * @param lane the chain that it claims to be part of
 * @param seq its place there
 * @param hash SHA-256 of the header, hex
 * @param header canonical JSON
 * @param salt of the private part; empty when that was erased
 * @param secret the private part, canonical JSON; null when it was erased
 */
public record StoredRecord(
        long lane,
        long seq,
        String hash,
        String header,
        Optional<byte[]> salt,
        @Nullable String secret) {

    /** Canonical JSON has this text only as the name of a field. */
    private static final String MESSAGE = "\"message\":\"";

    /** Reads a row that starts with lane, seq, hash, header, salt, private. */
    public static StoredRecord read(ResultSet row) throws SQLException {
        return new StoredRecord(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                Optional.ofNullable(row.getBytes(5)),
                row.getString(6));
    }

    /** Whether its private part was erased. */
    public boolean isBlank() {
        return salt.isEmpty() || secret == null;
    }

    /** The message that its header names; empty when it names none. Reads only that field, because searches look at many headers. */
    String message() {
        int at = header.indexOf(MESSAGE);
        int end = at < 0 ? -1 : header.indexOf('"', at + MESSAGE.length());
        return end < 0 ? "" : header.substring(at + MESSAGE.length(), end);
    }

    /** Whether both have the same place and the same bytes. */
    boolean isSameAs(StoredRecord other) {
        return lane == other.lane
                && seq == other.seq
                && hash.equals(other.hash)
                && header.equals(other.header)
                && isBlank() == other.isBlank()
                && (isBlank()
                        || (Objects.equals(secret, other.secret)
                                && Arrays.equals(salt.orElseThrow(), other.salt.orElseThrow())));
    }

    /** Lane and seq. */
    public String place() {
        return lane + ":" + seq;
    }
}
