package io.sendport.host.store.commit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jspecify.annotations.Nullable;

/**
 * The state of the whole store. Each writing transaction reads it. Thus a program that is too old, or an instance that does not know of
 * a loss yet, stops before its next claim.
 *
 * @param schemaVersion the version of the tables
 * @param minProgram programs older than this must not claim or submit
 * @param lost describes lost acknowledged commits; empty when there are none, or when an operator accepted the loss
 */
public record StoreState(int schemaVersion, int minProgram, Optional<String> lost) {

    /** The columns that {@link #read(ResultSet, int)} expects. */
    public static final String COLUMNS = "schema_version, min_program, lost";

    private static final String SELECT = "SELECT " + COLUMNS + " FROM store_state";

    /** The assumed state before the first reading. */
    public static final StoreState UNREAD = new StoreState(Schema.VERSION, Schema.PROGRAM, Optional.empty());

    /** Reads the state from a row in which {@link #COLUMNS} start at column {@code first}, counted from 1. */
    public static StoreState read(ResultSet row, int first) throws SQLException {
        @Nullable String lost = row.getString(first + 2);
        return new StoreState(row.getInt(first), row.getInt(first + 1), Optional.ofNullable(lost));
    }

    /** Prepares the query for {@link #read(PreparedStatement)}. */
    public static PreparedStatement prepare(Connection connection) throws SQLException {
        return connection.prepareStatement(SELECT);
    }

    /**
     * Runs a query that {@link #prepare} returned.
     *
     * @throws TransactionException when the database fails
     */
    public static StoreState read(PreparedStatement select) {
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new TransactionException("the table store_state has no row");
            }
            return read(row, 1);
        } catch (SQLException e) {
            throw new TransactionException("cannot read the state of the store", e);
        }
    }

    /** This state with {@code what} as the loss, unless it has a loss already. */
    public StoreState orLost(String what) {
        return lost.isPresent() ? this : new StoreState(schemaVersion, minProgram, Optional.of(what));
    }

    /** Why this program must not write at all; empty when it may. */
    public Optional<StoreException> refusesWrites() {
        return schemaVersion <= Schema.VERSION
                ? Optional.empty()
                : Optional.of(new StoreException(
                        "the message box was upgraded to schema version " + schemaVersion
                                + ", but this program supports " + Schema.VERSION
                                + "; stop this program and start the newer one",
                        null,
                        StoreException.Reason.FENCED));
    }

    /** Why this program must not start anything new: no claim, no submission, no instance; empty when it may. */
    public Optional<StoreException> refusesNewWork() {
        return minProgram <= Schema.PROGRAM
                ? Optional.empty()
                : Optional.of(new StoreException(
                        "the message box is being upgraded by a newer program (" + minProgram + ", this one is "
                                + Schema.PROGRAM + "); stop this program and start the newer one",
                        null,
                        StoreException.Reason.FENCED));
    }

    /** Why nothing may be claimed or sent; empty when it may. Submissions are allowed while a loss is not accepted yet. */
    public Optional<StoreException> refusesClaims() {
        return refusesNewWork()
                .or(() -> lost.map(what -> new StoreException(
                        "the database lost acknowledged commits: " + what
                                + ". Nothing is sent. Compare the messages in doubt with the relay's log, then run:"
                                + " sendport store accept-loss --reason TEXT",
                        null,
                        StoreException.Reason.LOST)));
    }
}
