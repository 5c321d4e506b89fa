package io.sendport.host;

import io.sendport.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PgBouncer in front of a PostgreSQL on this machine, where one is installed. */
final class PgBouncer implements AutoCloseable {

    private final Process process;
    private final int port;

    private PgBouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Where it is installed. */
    static Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(java.io.File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(each -> Path.of(each, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts it in {@code folder}.
     *
     * @param poolMode {@code session} or {@code transaction}
     * @param server the port of the PostgreSQL behind it
     */
    static PgBouncer start(Path program, Path folder, String poolMode, int server) throws Exception {
        int port = FreePort.find();
        Path config = folder.resolve("pgbouncer-" + poolMode + ".ini");
        Files.writeString(config, """
                [databases]
                * = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = %s
                default_pool_size = 20
                max_client_conn = 100
                ignore_startup_parameters = extra_float_digits
                """.formatted(server, port, poolMode));
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            // It refuses to run as root, as the server does.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(program.toString(), config.toString()));
        Path log = folder.resolve("pgbouncer-" + poolMode + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        PgBouncer bouncer = new PgBouncer(process, port);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!bouncer.listens()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                bouncer.close();
                throw new IOException("PgBouncer does not listen: " + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return bouncer;
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        // It is only the pooler: nothing in it is worth an orderly end.
        process.destroyForcibly().onExit().join();
    }
}
