package io.sendport.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.server.SMTPServer;

/**
 * A receiver in a process of its own: writes a line for each mail it has taken, its Message-ID, and flushes before it answers. It can
 * pause at the first mail, amid its content or before its answer, says on standard output that it does, and goes on when it is told
 * anything on standard input.
 */
public final class Sink {

    private static final CountDownLatch TOLD = new CountDownLatch(1);

    private Sink() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream log =
                new PrintStream(new java.io.FileOutputStream(arguments[0], true), true, StandardCharsets.US_ASCII);
        AtomicReference<String> pause = new AtomicReference<>(arguments[2].intern());
        SMTPServer server = SMTPServer.port(Integer.parseInt(arguments[1]))
                .bindAddress(java.net.InetAddress.getLoopbackAddress())
                .maxMessageSize(Integer.MAX_VALUE)
                .insertReceivedHeaders(false)
                .messageHandlerFactory(context -> new Counting(context, log, pause))
                .build();
        server.start();
        System.out.println("port " + server.getPortAllocated());
        while (System.in.read() >= 0) {
            TOLD.countDown();
        }
        server.stop();
    }

    /** Pauses nowhere. */
    static Process start(Path log) throws IOException {
        return start(log, "nowhere");
    }

    static Process start(Path log, String pause) throws IOException {
        return start(log, pause, 0);
    }

    /** On that port, or on any that is free. */
    static Process start(Path log, String pause, int port) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sink.class.getName(),
                        log.toString(),
                        Integer.toString(port),
                        pause)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static final class Counting implements MessageHandler {
        private final PrintStream log;
        private final AtomicReference<String> pause;

        Counting(MessageContext context, PrintStream log, AtomicReference<String> pause) {
            this.pause = pause;
            this.log = java.util.Objects.requireNonNull(log, () -> "no log for " + context);
        }

        @Override
        public void from(String from) {
            // Everyone may send.
        }

        @Override
        public void recipient(String recipient) {
            // Everyone gets it.
        }

        @Override
        public String data(InputStream in) throws IOException {
            String mail = new String(in.readNBytes(16_384), StandardCharsets.ISO_8859_1);
            pauseAt("in-data");
            in.transferTo(OutputStream.nullOutputStream());
            int start = mail.indexOf("Message-ID: <") + 13;
            synchronized (log) {
                log.println(mail.substring(start, mail.indexOf('@', start)));
            }
            pauseAt("after-dot");
            return "2.0.0 Ok: queued as 1";
        }

        private void pauseAt(String place) {
            if (pause.compareAndSet(place, "nowhere")) {
                System.out.println(place);
                try {
                    TOLD.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void done() {
            // Nothing to give back.
        }
    }
}
