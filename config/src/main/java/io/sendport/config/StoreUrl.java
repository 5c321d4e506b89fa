package io.sendport.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The location of a message box.
 *
 * @param url a JDBC URL; a SQLite file in it is absolute
 * @param sqliteFile the file, when it is SQLite
 * @param place as {@link MessageBoxSettings#place()}
 */
public record StoreUrl(String url, Optional<Path> sqliteFile, Path place) {

    public static final String SQLITE = "jdbc:sqlite:";

    private static final Pattern POSTGRESQL =
            Pattern.compile("jdbc:postgresql:(?<servers>//[^/?]+/|/?)(?<database>[A-Za-z0-9_.%-]+)(?<options>\\?.*)?");

    private static final Pattern LOCAL = Pattern.compile("(localhost|127\\..*|\\[::1])(:\\d+)?");

    /** The URL does not name a store. */
    public static final class WrongException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;
        private final String advice;

        private WrongException(String message, String advice) {
            super(message);
            this.advice = advice;
        }

        public String advice() {
            return advice;
        }
    }

    /**
     * The store that {@code url} names; a file is relative to {@code folder}.
     *
     * @throws WrongException when it does not name anything that can be a message box
     */
    public static StoreUrl parse(String url, Path folder) {
        if (url.startsWith(SQLITE)) {
            String path = url.substring(SQLITE.length());
            if (path.isEmpty() || path.startsWith(":") || path.contains("?")) {
                throw new WrongException("\"" + url + "\" does not name a file", "expected jdbc:sqlite:FILE");
            }
            Path file = folder.resolve(path).normalize();
            return new StoreUrl(SQLITE + file, Optional.of(file), file);
        }
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new WrongException(
                    "is not a store that Sendport supports",
                    "expected jdbc:sqlite:FILE or jdbc:postgresql://HOST:PORT/DATABASE");
        }
        Matcher parts = POSTGRESQL.matcher(url);
        if (!parts.matches()) {
            throw new WrongException(
                    "does not name a database",
                    "expected jdbc:postgresql://HOST:PORT/DATABASE, or jdbc:postgresql:DATABASE for this machine");
        }
        if (Stream.of("user=", "password=").anyMatch(String.valueOf(parts.group("options"))::contains)) {
            throw new WrongException(
                    "contains a user or a password, which would be shown wherever the URL is shown",
                    "use the attributes user and password instead");
        }
        return new StoreUrl(url, Optional.empty(), folder.resolve("var").resolve(parts.group("database")));
    }

    /** The same database with another folder for the files of this machine; empty for SQLite, whose files are beside the database. */
    public Optional<StoreUrl> withFiles(Path folder) {
        return sqliteFile.isPresent()
                ? Optional.empty()
                : Optional.of(new StoreUrl(url, sqliteFile, folder.resolve(place.getFileName())));
    }

    /**
     * Whether another machine could impersonate the database unnoticed: it is reached over a network, and its name and certificate are not
     * verified.
     */
    public boolean trustsAnyServer() {
        Matcher parts = POSTGRESQL.matcher(url);
        return parts.matches()
                && !String.valueOf(parts.group("options")).matches("(?i).*[?&]sslmode=verify-full(&.*)?")
                && Pattern.compile("[,/]+")
                        .splitAsStream(parts.group("servers"))
                        .filter(server -> !server.isEmpty())
                        .anyMatch(server -> !LOCAL.matcher(server).matches());
    }
}
