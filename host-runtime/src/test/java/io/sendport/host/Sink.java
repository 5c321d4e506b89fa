package io.sendport.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.server.SMTPServer;

/** A receiver in a process of its own: writes a line for each mail it has taken, its Message-ID, and flushes before it answers. */
public final class Sink {

    private Sink() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream log =
                new PrintStream(new java.io.FileOutputStream(arguments[0], true), true, StandardCharsets.US_ASCII);
        SMTPServer server = SMTPServer.port(Integer.parseInt(arguments[1]))
                .bindAddress(java.net.InetAddress.getLoopbackAddress())
                .maxMessageSize(Integer.MAX_VALUE)
                .insertReceivedHeaders(false)
                .messageHandlerFactory(context -> new Counting(context, log))
                .build();
        server.start();
        System.out.println("port " + server.getPortAllocated());
        if (System.in.read() < 0) {
            server.stop();
        }
    }

    static Process start(Path log) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sink.class.getName(),
                        log.toString(),
                        "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static final class Counting implements MessageHandler {
        private final PrintStream log;

        Counting(MessageContext context, PrintStream log) {
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
            String mail = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            int start = mail.indexOf("Message-ID: <") + 13;
            synchronized (log) {
                log.println(mail.substring(start, mail.indexOf('@', start)));
            }
            return "2.0.0 Ok: queued as 1";
        }

        @Override
        public void done() {
            // Nothing to give back.
        }
    }
}
