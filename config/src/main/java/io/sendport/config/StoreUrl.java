package io.sendport.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a message box lies.
 *
 * @param url a JDBC URL; a SQLite file in it is absolute
 * @param sqliteFile the file, where it is SQLite
 * @param place as {@link MessageBoxSettings#place()}
 */
public record StoreUrl(String url, Optional<Path> sqliteFile, Path place) {

    public static final String SQLITE = "jdbc:sqlite:";

    private static final Pattern POSTGRESQL =
            Pattern.compile("jdbc:postgresql:(?<servers>//[^/?]+/|/?)(?<database>[A-Za-z0-9_.%-]+)(?<options>\\?.*)?");

    private static final Pattern LOCAL = Pattern.compile("(localhost|127\\..*|\\[::1])(:\\d+)?");

    /** Such a URL names no store. */
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
     * What {@code url} names, a file relative to {@code folder}.
     *
     * @throws WrongException when it names nothing that can be a message box
     */
    public static StoreUrl parse(String url, Path folder) {
        if (url.startsWith(SQLITE)) {
            String path = url.substring(SQLITE.length());
            if (path.isEmpty() || path.startsWith(":") || path.contains("?")) {
                throw new WrongException("\"" + url + "\" names no file", "expected jdbc:sqlite:FILE");
            }
            Path file = folder.resolve(path).normalize();
            return new StoreUrl(SQLITE + file, Optional.of(file), file);
        }
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new WrongException(
                    "is no store that Sendport knows", "expected jdbc:sqlite:FILE or jdbc:postgresql:...");
        }
        Matcher parts = POSTGRESQL.matcher(url);
        if (!parts.matches()) {
            throw new WrongException(
                    "names no database", "expected jdbc:postgresql://HOST:PORT/DATABASE, or /DATABASE alone");
        }
        if (Stream.of("user=", "password=").anyMatch(String.valueOf(parts.group("options"))::contains)) {
            throw new WrongException(
                    "holds a user or a password, which would be shown wherever the store is named",
                    "they are attributes of their own: user, password");
        }
        return new StoreUrl(url, Optional.empty(), folder.resolve("var").resolve(parts.group("database")));
    }

    /** Whether another machine could take the database's place unnoticed: it is reached over a network, and its name and certificate are not looked at. */
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
