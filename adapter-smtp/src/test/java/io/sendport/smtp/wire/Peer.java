package io.sendport.smtp.wire;

import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.relay.Trust;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.ServerKey;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A mail server that somebody else wrote, started in a folder of its own by a script of {@code src/test/interop}. */
final class Peer implements AutoCloseable {

    static final String HOST = "localhost";

    private final Path folder;
    private final Process process;
    private final int[] ports;
    private final ScriptedServer behind;

    private Peer(Path folder, Process process, int[] ports, ScriptedServer behind) {
        this.folder = folder;
        this.process = process;
        this.ports = ports;
        this.behind = behind;
    }

    /** Whether what it needs is here; {@code EXIM} may name an Exim that isn't on the path. */
    static boolean isHere(String name) {
        String program =
                switch (name) {
                    case "postfix" -> "saslpasswd2";
                    case "exim" -> System.getenv().getOrDefault("EXIM", "exim4");
                    default -> name;
                };
        List<String> all = new ArrayList<>(Arrays.asList(System.getenv("PATH").split(File.pathSeparator)));
        all.addAll(List.of("", "/usr/sbin"));
        return "root".equals(System.getProperty("user.name"))
                && all.stream().anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    /** Starts it with {@code mechanisms} to log on by, and waits until it listens. */
    static Peer start(String name, Path folder, String mechanisms) throws Exception {
        ServerKey key = ServerKey.make(folder, "dns:localhost,ip:127.0.0.1");
        if (!Files.isReadable(key.certificate())) {
            throw new IOException("no certificate in " + folder);
        }
        int[] ports = {free(), free(), free()};
        ScriptedServer behind = new ScriptedServer();
        Process process = new ProcessBuilder(
                        "sh",
                        Path.of("src/test/interop", name + ".sh").toString(),
                        folder.toString(),
                        Integer.toString(ports[0]),
                        Integer.toString(ports[1]),
                        Integer.toString(ports[2]),
                        name.equals("dovecot") ? Integer.toString(behind.port()) : mechanisms)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log.txt").toFile())
                .start();
        Peer peer = new Peer(folder, process, ports, behind);
        Patience.until(name, () -> !process.isAlive() || listens(ports[2]));
        if (!process.isAlive()) {
            throw new IOException(name + " did not start: " + peer.log());
        }
        return peer;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port(Relay.Tls tls) {
        return switch (tls) {
            case IMPLICIT -> ports[2];
            case REQUIRED -> ports[1];
            default -> ports[0];
        };
    }

    Trust trust() throws GeneralSecurityException {
        return new Trust(
                java.util.Optional.of(folder.resolve("server.pem")),
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                java.util.Optional.empty());
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("log.txt"), StandardCharsets.ISO_8859_1);
    }

    /** The mail that holds {@code token}, lines ended by CRLF, whatever the server put before it; waits for it. */
    String received(String token) throws Exception {
        Patience.until("a mail with " + token, () -> all().stream().anyMatch(mail -> mail.contains(token)));
        return all().stream().filter(mail -> mail.contains(token)).findFirst().orElseThrow();
    }

    private List<String> all() throws IOException {
        List<String> all = new ArrayList<>(behind.mails());
        for (Path box : List.of(folder.resolve("mail/box/new"), folder.resolve("mail/new"))) {
            if (Files.isDirectory(box)) {
                try (Stream<Path> files = Files.list(box)) {
                    for (Path file : files.toList()) {
                        all.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                                .replace("\r\n", "\n")
                                .replace("\n", "\r\n"));
                    }
                }
            }
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        behind.close();
    }
}
