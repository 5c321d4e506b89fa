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
 * @param sqliteFile the file, where the store is SQLite
 * @param place a path beside which this machine keeps what belongs to the store and is not in it: spool, ledger key, checkpoints; the
 *     file itself where the store is SQLite
 * @param user database user
 * @param password its password
 * @param dedupeFor how long a dedupe key is remembered
 * @param lease how long a claim holds
 * @param keepBodies how long bodies and sealed mails stay after a message's end; zero: not at all
 * @param keepMessages how long rows of ended messages stay
 * @param keepAudit how long records of the ledger stay
 * @param maxBytes bodies together, beyond which a submit is refused
 * @param minFree free disk in bytes below which a submit is refused
 * @param secureDelete whether what is deleted is overwritten; SQLite alone
 * @param bodyKey where the keys of bodies are; empty: bodies lie in clear text
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

    /** The same of another user. */
    public MessageBoxSettings as(Optional<String> otherUser, Optional<Secret> otherPassword) {
        return with(new StoreUrl(url, sqliteFile, place), otherUser, otherPassword);
    }

    /**
     * The same of another URL, as if it stood in {@code file}.
     *
     * @throws IllegalArgumentException when it names no store
     */
    public MessageBoxSettings at(String otherUrl, Path file) {
        Origin there = new Origin(file.toAbsolutePath().normalize(), 1, 1);
        return with(StoreUrl.parse(otherUrl, there.folder()), user, password);
    }

    /** The same of another SQLite file. */
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
