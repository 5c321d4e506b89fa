package io.sendport.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Postfix of our own that stores and forwards, and the tools that come with it; where they are installed, for root. */
final class Postfix implements AutoCloseable {

    private static final Pattern DELAY = Pattern.compile(" delay=([0-9.]+), .*status=sent");

    private final Path folder;
    private final Path conf;
    private long seen;
    private final int port;

    /** Starts one that passes everything on to the server at {@code next}. */
    Postfix(Path folder, int next) throws IOException, InterruptedException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        this.folder = folder;
        conf = Files.createDirectories(folder.resolve("conf"));
        Files.createDirectories(folder.resolve("queue"));
        Files.createDirectories(folder.resolve("data"));
        // Its daemons run under another account.
        run("chmod", "755", folder.getParent().toString(), folder.toString());
        run("chown", "postfix", folder.resolve("data").toString());
        Files.writeString(conf.resolve("main.cf"), """
                compatibility_level = 3.6
                myhostname = relay.corp.example
                mydestination =
                mynetworks = 127.0.0.0/8
                smtpd_relay_restrictions = permit_mynetworks, reject
                inet_interfaces = 127.0.0.1
                relayhost = [127.0.0.1]:%1$d
                queue_directory = %2$s/queue
                data_directory = %2$s/data
                maillog_file = %2$s/mail.log
                maillog_file_prefixes = %2$s
                """.formatted(next, folder));
        Files.writeString(
                conf.resolve("master.cf"),
                Files.readString(Path.of("/etc/postfix/master.cf")).replaceFirst("(?m)^smtp +inet", port + " inet"));
        run("postfix", "-c", conf.toString(), "start");
        awaitListening();
    }

    static boolean isInstalled() {
        return Files.isExecutable(Path.of("/usr/sbin/postfix"))
                && "root".equals(System.getProperty("user.name"))
                && Files.isReadable(Path.of("/etc/postfix/master.cf"));
    }

    int port() {
        return port;
    }

    /** Of its master, whose children do the work. */
    long pid() throws IOException {
        return Long.parseLong(
                Files.readString(folder.resolve("queue/pid/master.pid")).strip());
    }

    /** From here on {@link #delays} counts. */
    void forgetDelays() throws IOException {
        seen = Files.size(log());
    }

    /** From the begin of each mail's arrival until it was passed on, milliseconds, sorted; as it says in its log. */
    double[] delays(int mails) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            double[] delays = logged();
            if (delays.length >= mails || System.nanoTime() > deadline) {
                return delays;
            }
            Thread.sleep(100);
        }
    }

    private double[] logged() throws IOException {
        try (InputStream in = Files.newInputStream(log())) {
            in.skipNBytes(seen);
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
                    .lines()
                    .map(DELAY::matcher)
                    .filter(Matcher::find)
                    .mapToDouble(delay -> Double.parseDouble(delay.group(1)) * 1_000)
                    .sorted()
                    .toArray();
        }
    }

    private Path log() {
        return folder.resolve("mail.log");
    }

    /** Sends so many mails with {@code smtp-source}, several connections at once, each kept open. */
    static void source(int port, int count, Terms terms) throws IOException, InterruptedException {
        run(
                "smtp-source",
                "-d",
                "-s",
                String.valueOf(terms.connections()),
                "-m",
                String.valueOf(count),
                "-l",
                String.valueOf(terms.size()),
                "-r",
                String.valueOf(terms.recipients()),
                "-f",
                "a@corp.example",
                "-t",
                "b@customer.example",
                "127.0.0.1:" + port);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(300, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(List.of(command) + " failed: " + process);
        }
    }

    private void awaitListening() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    @Override
    public void close() {
        try {
            run("postfix", "-c", conf.toString(), "stop");
        } catch (IOException | InterruptedException e) {
            System.err.println("Postfix could not be stopped: " + e.getMessage());
        }
    }
}
