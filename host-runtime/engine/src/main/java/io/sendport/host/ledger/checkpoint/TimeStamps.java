package io.sendport.host.ledger.checkpoint;

import io.sendport.api.audit.TimeStamping;
import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * What a third party says about when checkpoints existed: a line each in {@code timestamps.jsonl} beside them. Checkpoints made while
 * its server is away wait, oldest first.
 */
public final class TimeStamps {

    static final String FILE = "timestamps.jsonl";

    /** After a long absence of the server the rest follows in the next round. */
    private static final int MOST_AT_ONCE = 50;

    private final Checkpoints checkpoints;
    private final TimeStamping service;
    private @Nullable Deque<String> waiting;

    private TimeStamps(Checkpoints checkpoints, TimeStamping service) {
        this.checkpoints = checkpoints;
        this.service = service;
    }

    /**
     * Those beside {@code checkpoints}.
     *
     * @throws IllegalStateException when nothing on the class path knows time stamps
     */
    public static TimeStamps of(Checkpoints checkpoints) {
        return new TimeStamps(
                checkpoints,
                ServiceLoader.load(TimeStamping.class)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("nothing on the class path knows time stamps")));
    }

    /**
     * Has checkpoints stamped that aren't yet.
     *
     * @return how many were
     * @throws IOException when the server is away or a stamp can't be kept; those that are left are tried in the next round
     */
    public synchronized int stamp(URI server) throws IOException {
        Deque<String> queue = waiting();
        int done = 0;
        while (done < MOST_AT_ONCE && !queue.isEmpty()) {
            String hash = queue.element();
            write(hash, service.request(server, HexFormat.of().parseHex(hash)));
            queue.remove();
            done++;
        }
        return done;
    }

    /** One more that is to be stamped. Before the first stamp is asked for nothing waits here: the files tell then. */
    public synchronized void add(String hash) {
        Deque<String> queue = waiting;
        if (queue != null && !queue.contains(hash)) {
            queue.add(hash);
        }
    }

    /** Read once from the files: what is made later is added. */
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
            // A line that a crash cut off is no stamp; the checkpoint is stamped again.
            lines.filter(line -> line.startsWith("{") && line.endsWith("}"))
                    .map(Ledger::parse)
                    .forEach(line -> stamps.put(
                            String.valueOf(line.get("checkpoint")),
                            Base64.getDecoder().decode(String.valueOf(line.get("token")))));
            return stamps;
        } catch (IOException e) {
            throw new UncheckedIOException("time stamps in " + file() + " can't be read", e);
        }
    }

    /**
     * What the stamps prove.
     *
     * @param count how many checkpoints are stamped
     * @param newest the newest place of each lane that is, in words; empty when there is none
     * @param fault the first stamp that doesn't hold; empty when all do
     */
    public record Finding(long count, Optional<String> newest, Optional<String> fault) {}

    /** Holds the stamps against what was signed. */
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
