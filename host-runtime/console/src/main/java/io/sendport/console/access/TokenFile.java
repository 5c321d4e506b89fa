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
 * The file of tokens: a JSON object a line, without secrets. It is read again when it has changed, so that a token that was withdrawn counts no
 * more from the next request on. Safe for use by several threads, and by several processes.
 */
public final class TokenFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private @Nullable Read last;

    /** The tokens in {@code file}, which need not be there. */
    public TokenFile(Path file) {
        this.file = file;
    }

    /** A name that is taken, or one that is not there. */
    public static final class NameException extends Exception {
        private static final long serialVersionUID = 1L;

        NameException(String message) {
            super(message);
        }
    }

    /**
     * What was read, and of which state of the file.
     *
     * @param stamp tells states of the file apart
     * @param tokens by hash
     */
    private record Read(List<Object> stamp, Map<String, Token> tokens) {}

    /**
     * The token that has this secret, expired or not.
     *
     * @throws IOException when the file is there and can't be read
     */
    public Optional<Token> find(String secret) throws IOException {
        return byHash(Token.hash(secret));
    }

    /** As {@link #find}, by the hash of the secret. */
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
        Read known = last;
        if (known == null || !known.stamp().equals(stamp)) {
            known = new Read(stamp, parse());
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
            // The line itself is not told: it may be a secret that somebody put there.
            throw new IOException(file + ":" + line + ": it is no token; write it with sendport token add", e);
        }
    }

    /**
     * Adds a token.
     *
     * @throws NameException when one of that name is there
     * @throws IOException when the file can't be written
     */
    public void add(Token token) throws IOException, NameException {
        change(
                tokens -> {
                    List<Token> more = new ArrayList<>(tokens);
                    more.add(token);
                    return more;
                },
                before -> {
                    if (isThere(before, token.name())) {
                        throw new NameException("there is a token \"" + token.name()
                                + "\" already; revoke it first, or take another name");
                    }
                });
    }

    /**
     * Withdraws the token of that name.
     *
     * @throws NameException when there is none
     * @throws IOException when the file can't be written
     */
    public void revoke(String name) throws IOException, NameException {
        change(
                tokens -> tokens.stream()
                        .filter(each -> !each.name().equals(name))
                        .toList(),
                before -> {
                    if (!isThere(before, name)) {
                        throw new NameException("there is no token \"" + name + "\" in " + file);
                    }
                });
    }

    private static boolean isThere(List<Token> tokens, String name) {
        return tokens.stream().anyMatch(each -> each.name().equals(name));
    }

    private interface Check {
        void on(List<Token> tokens) throws NameException;
    }

    /** Under a lock, since two commands may write at the same time; the new file takes the place of the old one at once. */
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
