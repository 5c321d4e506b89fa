package io.sendport.host.store;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The tables and their version.
 *
 * @param location of the migrations
 * @param history SQL that counts the tables in which Flyway keeps its history
 */
record Schema(String location, String history) {

    /** The newest migration. */
    static final int VERSION = 1;

    /** 0 when there are no tables yet. */
    int version(Handle handle) {
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
     * Whether version {@code found} of the store {@code name} must be brought up to date first.
     *
     * @throws StoreException when it must, and {@code access} does not do that, or when it is newer
     */
    static boolean isToMigrate(int found, Store.Access access, String name) {
        if (found > VERSION) {
            throw new StoreException(
                    "the message box " + name + " has schema version " + found + ", this program knows " + VERSION
                            + "; use the newer program that wrote it",
                    null);
        }
        if (found == VERSION) {
            return false;
        }
        if (access == Store.Access.READ || (access == Store.Access.WRITE && found == 0)) {
            throw new StoreException(
                    "the message box " + name + " has schema version " + found + ", expected " + VERSION
                            + "; `sendport run` brings it up to date",
                    null);
        }
        return true;
    }

    void migrate(DataSource source) {
        Flyway.configure()
                .dataSource(source)
                .locations(location)
                .loggers("slf4j")
                .load()
                .migrate();
    }
}
