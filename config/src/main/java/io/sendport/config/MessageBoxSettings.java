package io.sendport.config;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The {@code <messageBox>} element.
 *
 * @param url a JDBC URL; a SQLite file in it is absolute
 * @param sqliteFile the file, when the store is SQLite
 * @param place the path beside which this machine keeps data that belongs to the store but is not in it: spool, ledger key, checkpoints;
 *     the file itself when the store is SQLite
 * @param user database user
 * @param password its password
 * @param dedupeFor how long a dedupe key is remembered
 * @param lease how long a claim lasts
 * @param keepBodies how long bodies and sealed mails are kept after a message has ended; zero to delete them at once
 * @param keepMessages how long rows of ended messages are kept
 * @param keepAudit how long records of the ledger are kept
 * @param maxBytes total size of bodies above which a submit is refused
 * @param minFree free disk space in bytes below which a submit is refused
 * @param secureDelete whether deleted data is overwritten; SQLite only
 * @param bodyKey the keys of bodies; when empty, bodies are stored unencrypted
 */
public record MessageBoxSettings(
        String url,
        Optional<Path> sqliteFile,
        Path place,
        Optional<String> user,
        Optional<Secret> password,
        Duration dedupeFor,
        Duration lease,
        Duration keepBodies,
        Duration keepMessages,
        Duration keepAudit,
        long maxBytes,
        long minFree,
        boolean secureDelete,
        Optional<BodyKeySettings> bodyKey) {

    /** The folder of {@link #place}, absolute. */
    public Path folder() {
        Path absolute = place.toAbsolutePath();
        return absolute.getParent() == null ? absolute : absolute.getParent();
    }

    /** The same settings with another user. */
    public MessageBoxSettings as(Optional<String> otherUser, Optional<Secret> otherPassword) {
        return with(new StoreUrl(url, sqliteFile, place), otherUser, otherPassword);
    }

    /**
     * The same settings with another URL, as if it were written in {@code file}.
     *
     * @throws IllegalArgumentException when it does not name a store
     */
    public MessageBoxSettings at(String otherUrl, Path file) {
        Origin there = new Origin(file.toAbsolutePath().normalize(), 1, 1);
        return with(StoreUrl.parse(otherUrl, there.folder()), user, password);
    }

    /** The URL as people see it: without options, which may name files and secrets. */
    public String shownUrl() {
        return url.replaceFirst("[?;].*", "");
    }

    /** The same settings with another SQLite file. */
    public MessageBoxSettings at(Path file) {
        return with(new StoreUrl(StoreUrl.SQLITE + file, Optional.of(file), file), user, password);
    }

    private MessageBoxSettings with(StoreUrl other, Optional<String> otherUser, Optional<Secret> otherPassword) {
        return new MessageBoxSettings(
                other.url(),
                other.sqliteFile(),
                other.place(),
                otherUser,
                otherPassword,
                dedupeFor,
                lease,
                keepBodies,
                keepMessages,
                keepAudit,
                maxBytes,
                minFree,
                secureDelete,
                bodyKey);
    }
}
