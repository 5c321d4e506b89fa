package io.sendport.host.store;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.store.commit.Database;
import io.sendport.host.store.commit.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The steps that upgrade a store of an earlier program version. Each step is safe to repeat, so an interrupted upgrade can be started
 * again. All methods throw {@link io.sendport.host.store.commit.StoreException} when the database fails.
 */
public final class Upgrade {

    private final MessageBoxSettings settings;
    private final Database database;
    private final int from;

    private Upgrade(MessageBoxSettings settings, Database database, int from) {
        this.settings = settings;
        this.database = database;
        this.from = from;
    }

    /**
     * Inspects the store that the settings name.
     *
     * @throws io.sendport.host.store.commit.StoreException when it cannot be read
     */
    public static Upgrade of(MessageBoxSettings settings) {
        Database database = Store.database(settings);
        try {
            return new Upgrade(settings, database, database.version());
        } catch (IOException | JdbiException e) {
            throw Store.failed("open", database, e);
        }
    }

    /** Whether the store has tables of an earlier version. */
    public boolean isNeeded() {
        return from > 0 && from < Schema.VERSION;
    }

    /** The current version of the tables. */
    public int from() {
        return from;
    }

    /** The version that this program upgrades them to. */
    public int to() {
        return Schema.VERSION;
    }

    /** Sets the fence: running programs of an older version then stop claiming and submitting, and end. */
    public void fence() {
        if (from >= 2) {
            with(
                    "fence",
                    handle -> handle.execute(
                            "UPDATE store_state SET min_program = ? WHERE min_program < ?",
                            Schema.PROGRAM,
                            Schema.PROGRAM));
        }
    }

    /** The ids of the instances of older programs whose lease has not lapsed. */
    public List<String> olderInstances() {
        long now = database.clock(java.time.Clock.systemUTC()).millis();
        return with(
                "read", handle -> handle.createQuery("SELECT id FROM instance WHERE stopped_at IS NULL AND seen_at > ?"
                                + (from >= 2 ? " AND program < " + Schema.PROGRAM : "") + " ORDER BY id")
                        .bind(0, now - settings.lease().toMillis())
                        .mapTo(String.class)
                        .list());
    }

    /**
     * Backs up a SQLite file before the upgrade.
     *
     * @param mark a unique suffix
     * @return the path of the backup
     */
    public Path backUp(String mark) {
        Path file = settings.place();
        Path copy = file.resolveSibling(file.getFileName() + "." + mark);
        Path part = file.resolveSibling(copy.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            OwnerOnly.create(part);
            database.copy(part);
            Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
            return copy;
        } catch (IOException | JdbiException e) {
            throw Store.failed("back up", database, e);
        }
    }

    /** Upgrades the tables. Nobody else may use the store. */
    public void migrate() {
        try {
            database.migrate();
        } catch (IOException | JdbiException e) {
            throw Store.failed("upgrade", database, e);
        }
    }

    private interface Work<T> {
        T with(Handle handle);
    }

    private <T> T with(String verb, Work<T> work) {
        try {
            return Jdbi.create(database.forUpgrade()).withHandle(work::with);
        } catch (JdbiException e) {
            throw Store.failed(verb, database, e);
        }
    }
}
