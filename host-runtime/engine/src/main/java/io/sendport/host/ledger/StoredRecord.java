package io.sendport.host.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is stored in the database or in an exported file. Nothing has been verified yet.
 *
 * @param lane the lane that it claims to be part of
 * @param seq its number in the lane, from 1
 * @param hash the stored SHA-256 of the header, hex
 * @param header the header, canonical JSON
 * @param salt the salt of the private part; empty when the private part was erased
 * @param secret the private part, canonical JSON; null when it was erased
 */
public record StoredRecord(
        long lane,
        long seq,
        String hash,
        String header,
        Optional<byte[]> salt,
        @Nullable String secret) {

    /** In canonical JSON, this text can only be the name of a field and the start of its value. */
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

    /** Returns whether the private part was erased. */
    public boolean isBlank() {
        return salt.isEmpty() || secret == null;
    }

    /** Returns the message id in the header; empty when there is none. Reads only that field, because searches read many headers. */
    String message() {
        int at = header.indexOf(MESSAGE);
        int end = at < 0 ? -1 : header.indexOf('"', at + MESSAGE.length());
        return end < 0 ? "" : header.substring(at + MESSAGE.length(), end);
    }

    /** Returns whether both have the same place and the same bytes. */
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

    /** Returns lane and seq, such as {@code 0:17}. */
    public String place() {
        return lane + ":" + seq;
    }
}
