package io.sendport.host.ledger.checkpoint;

import io.sendport.api.audit.TimeStamping;
import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Time stamps by which a third party confirms when a checkpoint existed: one line for each in {@code timestamps.jsonl}, in the checkpoint
 * folder. While the time stamp server is unavailable, checkpoints wait, oldest first.
 */
public final class TimeStamps {

    static final String FILE = "timestamps.jsonl";

    /** The maximum number of stamps in one call, for the time after a long outage of the server. The next call continues. */
    private static final int MAX_AT_ONCE = 50;

    private final Checkpoints checkpoints;
    private final TimeStamping service;
    private @Nullable Deque<String> waiting;

    private TimeStamps(Checkpoints checkpoints, TimeStamping service) {
        this.checkpoints = checkpoints;
        this.service = service;
    }

    /**
     * Returns the time stamps of {@code checkpoints}.
     *
     * @throws IllegalStateException when the class path has no time stamp support
     */
    public static TimeStamps of(Checkpoints checkpoints) {
        return new TimeStamps(
                checkpoints,
                ServiceLoader.load(TimeStamping.class)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("the class path has no time stamp support")));
    }

    /**
     * Requests time stamps for checkpoints that have none yet.
     *
     * @return the number of stamped checkpoints
     * @throws IOException when the server is unavailable, or a stamp cannot be stored; the next call retries
     */
    public synchronized int stamp(URI server) throws IOException {
        Deque<String> queue = waiting();
        int stamped = 0;
        while (stamped < MAX_AT_ONCE && !queue.isEmpty()) {
            String hash = queue.element();
            write(hash, service.request(server, HexFormat.of().parseHex(hash)));
            queue.remove();
            stamped++;
        }
        return stamped;
    }

    /** Adds a checkpoint to the queue. Before the first call of {@link #stamp}, does nothing: that call reads the queue from the files. */
    public synchronized void add(String hash) {
        Deque<String> queue = waiting;
        if (queue != null && !queue.contains(hash)) {
            queue.add(hash);
        }
    }

    /** Returns the queue of checkpoints without a stamp. Read once from the files; later checkpoints are added. */
    private Deque<String> waiting() {
        Deque<String> known = waiting;
        if (known == null) {
            known = new ArrayDeque<>();
            Map<String, byte[]> stamped = read();
            for (Statement each : checkpoints.readOwn()) {
                if (!stamped.containsKey(each.hash())) {
                    known.add(each.hash());
                }
            }
            waiting = known;
        }
        return known;
    }

    private Path file() {
        return checkpoints.folder().resolve(FILE);
    }

    private void write(String hash, byte[] token) throws IOException {
        OwnerOnly.create(file());
        Files.writeString(
                file(),
                CanonicalJson.of(Map.of(
                                "checkpoint", hash, "token", Base64.getEncoder().encodeToString(token)))
                        + "\n",
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
    }

    private Map<String, byte[]> read() {
        Map<String, byte[]> stamps = new HashMap<>();
        if (!Files.exists(file())) {
            return stamps;
        }
        try (Stream<String> lines = Files.lines(file(), StandardCharsets.UTF_8)) {
            // A line that a crash truncated is not a stamp; the checkpoint is stamped again.
            lines.filter(line -> line.startsWith("{") && line.endsWith("}"))
                    .map(Ledger::parse)
                    .forEach(line -> stamps.put(
                            String.valueOf(line.get("checkpoint")),
                            Base64.getDecoder().decode(String.valueOf(line.get("token")))));
            return stamps;
        } catch (IOException e) {
            throw StatementFolder.unreadable("the time stamps", file(), e);
        }
    }

    /**
     * The result of a verification of stamps.
     *
     * @param count the number of checkpoints with a valid stamp
     * @param newest what the stamp of the newest stamped checkpoint says; empty when there is none
     * @param fault the first invalid stamp; empty when all are valid
     */
    public record Finding(long count, Optional<String> newest, Optional<String> fault) {}

    /** Verifies the stamps of {@code signed} statements. Stops at the first invalid stamp. */
    public Finding verify(List<Statement> signed) {
        Map<String, byte[]> stamps = read();
        long count = 0;
        Optional<String> newest = Optional.empty();
        for (Statement each : signed) {
            byte[] token = stamps.get(each.hash());
            if (token != null) {
                try {
                    TimeStamping.Stamp stamp =
                            service.verify(token, HexFormat.of().parseHex(each.hash()));
                    count++;
                    newest = Optional.of(each.places() + " existed at " + stamp.at() + ", says " + stamp.signer()
                            + " (certificate " + stamp.certificate() + ")");
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    return new Finding(
                            count,
                            newest,
                            Optional.of("the time stamp of the checkpoint of " + each.at() + ": " + e.getMessage()));
                }
            }
        }
        return new Finding(count, newest, Optional.empty());
    }
}
