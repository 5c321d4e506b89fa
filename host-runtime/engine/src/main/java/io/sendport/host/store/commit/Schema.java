package io.sendport.host.store.commit;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The tables and their version.
 *
 * @param location where the migrations are
 * @param history SQL that counts the tables in which Flyway keeps its history
 */
public record Schema(String location, String history) {

    /** The version of the tables that this program uses: the number of the newest migration. */
    public static final int VERSION = 16;

    /**
     * The number of this program version. It grows with each release that must not run concurrently with older ones. A store's
     * {@code min_program} is the oldest version that may use it.
     */
    public static final int PROGRAM = 9;

    /** The version of the tables; 0 when there are no tables yet. */
    public int version(Handle handle) {
        if (handle.createQuery(history).mapTo(Integer.class).one() == 0) {
            return 0;
        }
        @Nullable
        Integer version = handle.createQuery(
                        "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE success")
                .mapTo(Integer.class)
                .findOne()
                .orElse(null);
        return version == null ? 0 : version;
    }

    /**
     * Whether the tables must be created first.
     *
     * @param found the version of the tables that exist; 0 when there are none
     * @param name the location of the store, for errors
     * @throws StoreException when {@code access} does not allow to create them, or when they have another version
     */
    public static boolean mustCreate(int found, Access access, String name) {
        if (found > VERSION) {
            throw new StoreException(
                    "the message box " + name + " has schema version " + found + ", but this program supports only "
                            + VERSION + "; use the newer version of Sendport that wrote it",
                    null);
        }
        if (found == VERSION || (found == 0 && access == Access.CREATE)) {
            return found == 0;
        }
        throw new StoreException(
                "the message box " + name
                        + (found == 0
                                ? " has no tables yet; `sendport store migrate` or `sendport run` creates them"
                                : " has schema version " + found + ", but this program needs " + VERSION
                                        + "; run `sendport store migrate` to upgrade it (on SQLite, `sendport run`"
                                        + " also does)"),
                null);
    }

    /**
     * Creates or upgrades the tables, in one transaction: other processes see all changes or none. A process that starts an upgrade
     * meanwhile waits, and then has nothing to do.
     */
    public void migrate(DataSource source) {
        Flyway.configure()
                .dataSource(source)
                .locations(location)
                .group(true)
                .loggers("slf4j")
                .load()
                .migrate();
    }
}
