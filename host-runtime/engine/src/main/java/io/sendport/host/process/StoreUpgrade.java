package io.sendport.host.process;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.store.StoreLock;
import io.sendport.host.store.Upgrade;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Upgrades a store that an earlier program version wrote. Stops older programs from writing, and waits until they end. Makes a backup, or
 * takes the name of a backup. Then changes the tables, and records the upgrade on the ledger.
 */
public final class StoreUpgrade {

    private static final long POLL_MILLIS = 200;

    private static final DateTimeFormatter BACKUP_TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private final MessageBoxSettings settings;
    private final Duration timeout;
    private final Consumer<String> progress;

    /**
     * Upgrades the store that {@code settings} name.
     *
     * @param timeout how long to wait for older programs to end
     * @param progress receives a sentence for each wait and for the backup
     */
    public StoreUpgrade(MessageBoxSettings settings, Duration timeout, Consumer<String> progress) {
        this.settings = settings;
        this.timeout = timeout;
        this.progress = progress;
    }

    /**
     * Takes the lock of a SQLite file, and upgrades the store if needed.
     *
     * @throws StoreException when another process uses the file; of an older program, when it does not end in time
     */
    StoreLock lock(Actor actor) {
        Upgrade upgrade = Upgrade.of(settings);
        if (!upgrade.isNeeded()) {
            return StoreLock.take(settings.place());
        }
        upgrade.fence();
        StoreLock lock = awaitLock(upgrade);
        try {
            migrate(upgrade, "", actor);
            return lock;
        } catch (RuntimeException e) {
            lock.release();
            throw e;
        }
    }

    private StoreLock awaitLock(Upgrade upgrade) {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean reported = false;
        while (true) {
            try {
                return StoreLock.take(settings.place());
            } catch (StoreException e) {
                if (System.nanoTime() >= deadline) {
                    throw e;
                }
            }
            if (!reported) {
                progress.accept("waiting for the older program that uses " + settings.place()
                        + (upgrade.from() < 2 ? ", which cannot detect the upgrade: stop it" : " to end"));
                reported = true;
            }
            pause();
        }
    }

    /**
     * Upgrades the store, or creates its tables if there are none.
     *
     * @param backup describes the backup of a database; empty for a SQLite file, which is backed up here
     * @return what was done; empty when the store is up to date
     * @throws StoreException when older programs do not end in time, or no backup was named
     */
    public Optional<String> run(String backup, Actor actor) {
        Upgrade upgrade = Upgrade.of(settings);
        if (!upgrade.isNeeded()) {
            boolean isNew = upgrade.from() == 0;
            MessageBox.open(settings, Access.CREATE, Clock.systemUTC()).close();
            return isNew ? Optional.of("created the tables, schema version " + upgrade.to()) : Optional.empty();
        }
        if (settings.sqliteFile().isPresent()) {
            lock(actor).release();
        } else {
            if (backup.isBlank()) {
                throw new StoreException(
                        "the upgrade would change the tables of " + settings.shownUrl()
                                + ": first make a backup, then run this command again with --backup and the name of that backup,"
                                + " such as --backup \"dump of 3 May\". Nothing has been changed",
                        null);
            }
            upgrade.fence();
            awaitOlderInstances(upgrade);
            migrate(upgrade, backup, actor);
        }
        return Optional.of("upgraded schema version " + upgrade.from() + " to " + upgrade.to());
    }

    private void awaitOlderInstances(Upgrade upgrade) {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<String> reported = List.of();
        List<String> older = upgrade.olderInstances();
        while (!older.isEmpty()) {
            if (System.nanoTime() >= deadline) {
                throw new StoreException(
                        "instances of an earlier version are still running: " + String.join(", ", older)
                                + "; they no longer accept work, and no table was changed. Stop them, then run the command again",
                        null);
            }
            if (!older.equals(reported)) {
                progress.accept("waiting for instances of an older program to end: " + String.join(", ", older));
                reported = older;
            }
            pause();
            older = upgrade.olderInstances();
        }
    }

    private void migrate(Upgrade upgrade, String backupName, Actor actor) {
        String backup = backupName.isEmpty()
                ? upgrade.backUp("before-v" + upgrade.to() + "-" + BACKUP_TIME.format(Instant.now()))
                        .toString()
                : backupName;
        progress.accept("backup: " + backup);
        upgrade.migrate();
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, Clock.systemUTC())) {
            box.ledger()
                    .record(Entry.of(Kind.MIGRATED)
                            .detail("actor", actor.name())
                            .detail("reason", actor.reason())
                            .detail(
                                    "detail",
                                    "upgraded schema version " + upgrade.from() + " to " + upgrade.to() + "; backup: "
                                            + backup));
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    "the upgrade of the message box was interrupted while it waited for Sendport processes of an earlier version to stop. The tables were not changed; processes that have stopped stay stopped. Run the command again",
                    e);
        }
    }
}
