package io.sendport.console.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.host.operate.Json;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The token file: one JSON object a line, without secrets. Each request reloads a changed file, so a revoked token is refused
 * immediately. Safe for use by several threads and several processes.
 */
public final class TokenFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private @Nullable Snapshot last;

    /** Uses the tokens in {@code file}, which does not need to exist. */
    public TokenFile(Path file) {
        this.file = file;
    }

    /** The name is in use, or no token has it. */
    public static final class NameException extends Exception {
        private static final long serialVersionUID = 1L;

        NameException(String message) {
            super(message);
        }
    }

    /** The file has a line that is not a token. */
    public static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The tokens of one version of the file.
     *
     * @param stamp identifies the version of the file
     * @param tokens the tokens by hash
     */
    private record Snapshot(List<Object> stamp, Map<String, Token> tokens) {}

    /**
     * The token with this secret, expired or not.
     *
     * @throws IOException when the file exists but cannot be read
     */
    public Optional<Token> find(String secret) throws IOException {
        return byHash(Token.hash(secret));
    }

    /** As {@link #find}, but by the hash of the secret. */
    public Optional<Token> byHash(String sha256) throws IOException {
        return Optional.ofNullable(read().get(sha256));
    }

    /** All tokens, oldest first. */
    public List<Token> all() throws IOException {
        return List.copyOf(read().values());
    }

    private synchronized Map<String, Token> read() throws IOException {
        List<Object> stamp;
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            stamp = List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
        } catch (NoSuchFileException e) {
            return Map.of();
        }
        Snapshot known = last;
        if (known == null || !known.stamp().equals(stamp)) {
            known = new Snapshot(stamp, parse());
            last = known;
        }
        return known.tokens();
    }

    private Map<String, Token> parse() throws IOException {
        Map<String, Token> tokens = new LinkedHashMap<>();
        int line = 0;
        for (String text : Files.readAllLines(file)) {
            line++;
            if (!text.isBlank()) {
                Token token = token(text, line);
                tokens.put(token.sha256(), token);
            }
        }
        return tokens;
    }

    private Token token(String text, int line) throws IOException {
        try {
            JsonNode json = JSON.readTree(text);
            return new Token(
                    json.required("name").asText(),
                    json.required("sha256").asText(),
                    Grant.parse(json.required("roles").asText()),
                    Instant.parse(json.required("madeAt").asText()),
                    Optional.of(json.path("expiresAt"))
                            .filter(JsonNode::isTextual)
                            .map(each -> Instant.parse(each.asText())));
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            // The message omits the line, since it may be a secret that somebody pasted there.
            throw new DamagedException(
                    file + ":" + line + ": invalid token; remove the line and run `sendport token add`", e);
        }
    }

    /**
     * Adds a token.
     *
     * @throws NameException when a token with this name exists
     * @throws IOException when the file cannot be written
     */
    public void add(Token token) throws IOException, NameException {
        change(
                tokens -> {
                    List<Token> more = new ArrayList<>(tokens);
                    more.add(token);
                    return more;
                },
                before -> {
                    if (exists(before, token.name())) {
                        throw new NameException("token \"" + token.name()
                                + "\" already exists; revoke it first, or choose another name");
                    }
                });
    }

    /**
     * Revokes the token with this name.
     *
     * @throws NameException when no token has this name
     * @throws IOException when the file cannot be written
     */
    public void revoke(String name) throws IOException, NameException {
        change(
                tokens -> tokens.stream()
                        .filter(each -> !each.name().equals(name))
                        .toList(),
                before -> {
                    if (!exists(before, name)) {
                        throw new NameException("there is no token \"" + name + "\" in " + file);
                    }
                });
    }

    private static boolean exists(List<Token> tokens, String name) {
        return tokens.stream().anyMatch(each -> each.name().equals(name));
    }

    private interface Check {
        void on(List<Token> tokens) throws NameException;
    }

    /** Changes the tokens under a file lock, since two commands may write at the same time. Replaces the file atomically. */
    private void change(UnaryOperator<List<Token>> change, Check check) throws IOException, NameException {
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
        OwnerOnly.create(lockFile);
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("the lock on " + lockFile + " was lost");
            }
            List<Token> before = all();
            check.on(before);
            Path part = file.resolveSibling("." + UUID.randomUUID() + ".part");
            try (OutputStream out = OwnerOnly.newFile(part)) {
                for (Token each : change.apply(before)) {
                    out.write((line(each) + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static String line(Token token) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", token.name());
        line.put("sha256", token.sha256());
        line.put(
                "roles",
                String.join(",", token.grants().stream().map(Grant::toString).toList()));
        line.put("madeAt", token.madeAt());
        line.put("expiresAt", token.expiresAt());
        return Json.write(line);
    }
}
