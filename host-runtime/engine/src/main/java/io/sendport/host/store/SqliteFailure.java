package io.sendport.host.store;

import io.sendport.support.Failures;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Says what a failure of SQLite means. */
final class SqliteFailure {

    private SqliteFailure() {}

    /** Whether a commit that failed like this may be on disk. */
    static boolean leavesDiskInDoubt(Throwable failure) {
        SQLiteErrorCode code = codeOf(failure);
        return code != null && code.name().startsWith("SQLITE_IOERR");
    }

    /** Whether SQLite caused {@code failure}, rather than the code of the write. */
    static boolean isSqlFailure(Throwable failure) {
        return codeOf(failure) != null;
    }

    /** Whether the disk may have dropped earlier writes. */
    static boolean isSyncFailure(Throwable failure) {
        return codeOf(failure) == SQLiteErrorCode.SQLITE_IOERR_FSYNC;
    }

    /** Whether the file is damaged, or is not a store at all. */
    static boolean isDamage(Throwable failure) {
        SQLiteErrorCode code = codeOf(failure);
        return code != null
                && ((code.code & 0xFF) == SQLiteErrorCode.SQLITE_CORRUPT.code
                        || (code.code & 0xFF) == SQLiteErrorCode.SQLITE_NOTADB.code);
    }

    /** Whether another process holds the lock. */
    static boolean isBusy(Throwable failure) {
        SQLiteErrorCode code = codeOf(failure);
        return code != null && (code.code & 0xFF) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    /** The error code of SQLite; null when SQLite did not cause the failure. */
    static @Nullable SQLiteErrorCode codeOf(Throwable failure) {
        return Failures.find(failure, SQLiteException.class)
                .map(SQLiteException::getResultCode)
                .orElse(null);
    }
}
