package io.sendport.host.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels a long read when the write-ahead log grows too large. SQLite cannot checkpoint pages that are newer than the snapshot of the
 * reader, and a full disk would stop the hosts.
 */
final class LogGuard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogGuard.class);

    /** The size limit of the log in bytes, or a quarter of the free disk space if that is less. */
    private static final long MAX_LOG_BYTES = 1L << 30;

    private static final long CHECK_MILLIS = 200;

    private final Path log;
    private final Statement reading;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "sendport-log-guard"));
    private volatile @Nullable IOException why;

    private LogGuard(Path log, Statement reading) {
        this.log = log;
        this.reading = reading;
    }

    /** Watches {@code log} until closed, and cancels {@code reading} when the log is too large. */
    static LogGuard start(Path log, Statement reading) {
        LogGuard guard = new LogGuard(log, reading);
        var checks =
                guard.timer.scheduleWithFixedDelay(guard::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        LOG.trace("guarded by {}", checks);
        return guard;
    }

    private void check() {
        try {
            long size = Files.exists(log) ? Files.size(log) : 0;
            long most = Math.min(MAX_LOG_BYTES, log.toFile().getUsableSpace() / 4);
            if (size > Math.max(most, Sqlite.LARGE_LOG)) {
                why = new IOException("the write-ahead log grew to " + size / (1024 * 1024)
                        + " MB during the copy. The copy was stopped, because a full disk would stop the hosts. Try again when fewer messages"
                        + " are sent");
                reading.cancel();
            }
        } catch (IOException | SQLException e) {
            LOG.warn("Cannot monitor the size of {}: {}", log, e.getMessage());
        }
    }

    /** Why the read was canceled; empty when it was not. */
    Optional<IOException> why() {
        return Optional.ofNullable(why);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
