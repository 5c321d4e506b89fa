package io.sendport.host;

import io.sendport.testing.Patience;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A PostgreSQL that a test may kill, and start again on the same data and port. */
public final class KillablePostgres implements AutoCloseable {

    private final Path data;
    private EmbeddedPostgres server;
    private final int port;

    public KillablePostgres(Path data) throws IOException {
        this.data = data;
        this.server = start(0);
        this.port = server.getPort();
    }

    private EmbeddedPostgres start(int wanted) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("max_connections", "200")
                .setPGStartupWait(Patience.LIMIT);
        return wanted == 0 ? builder.start() : builder.setPort(wanted).start();
    }

    public String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    /** As by {@code kill -9}: nothing is flushed, no connection is closed in order. */
    public void kill() throws Exception {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim());
        ProcessHandle.of(pid).ifPresent(postmaster -> {
            postmaster.descendants().forEach(ProcessHandle::destroyForcibly);
            postmaster.destroyForcibly();
        });
        Patience.until("the end of PostgreSQL", () -> ProcessHandle.of(pid).isEmpty());
        server.close();
    }

    public void startAgain() throws IOException {
        server = start(port);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
