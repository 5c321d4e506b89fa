package io.sendport.host.relay;

import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.store.OwnerOnly;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/**
 * An SMTP server on the loopback address that files what it gets: {@code N.eml}, the bytes as they came, and {@code N.json}, the
 * envelope. Both are on disk before the answer 250.
 */
public final class EmbeddedRelay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRelay.class);
    private static final long LARGEST = 1L << 30;
    private static final int MOST_RECIPIENTS = 1_000;

    private final Path archive;
    private final AtomicLong number;
    private final SMTPServer server;

    /**
     * Starts on a free port of 127.0.0.1.
     *
     * @throws IOException when the archive can't be made
     */
    public EmbeddedRelay(Path archive) throws IOException {
        this.archive = archive;
        OwnerOnly.createFolder(archive);
        number = new AtomicLong(newest(archive));
        server = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .maxMessageSize(Integer.MAX_VALUE)
                .maxRecipients(MOST_RECIPIENTS)
                .maxConnections(100)
                .insertReceivedHeaders(false)
                .messageHandlerFactory(Filing::new)
                .build();
        server.start();
    }

    private static long newest(Path archive) throws IOException {
        try (Stream<Path> files = Files.list(archive)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("\\d{1,15}\\.eml"))
                    .mapToLong(name -> Long.parseLong(name.substring(0, name.length() - 4)))
                    .max()
                    .orElse(0);
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.getPortAllocated();
    }

    @Override
    public void close() {
        server.stop();
    }

    /** One transaction. */
    private final class Filing implements MessageHandler {
        private final List<Object> recipients = new ArrayList<>();
        private final String client;
        private String sender = "";

        Filing(MessageContext context) {
            client = String.valueOf(context.getRemoteAddress());
        }

        @Override
        public void from(String from) {
            sender = from;
        }

        @Override
        public void recipient(String recipient) {
            recipients.add(recipient);
        }

        @Override
        public String data(InputStream in) throws RejectException, IOException {
            long no = number.incrementAndGet();
            Path part = archive.resolve(no + ".part");
            try {
                OwnerOnly.create(part);
                write(part, in);
                Map<String, Object> envelope = new TreeMap<>();
                envelope.put("sender", sender);
                envelope.put("recipients", recipients);
                envelope.put("client", client);
                envelope.put("receivedAt", Instant.now().toString());
                Path json = archive.resolve(no + ".json");
                OwnerOnly.create(json);
                Files.writeString(
                        json, CanonicalJson.of(envelope) + "\n", StandardCharsets.UTF_8, StandardOpenOption.SYNC);
                Files.move(part, archive.resolve(no + ".eml"), StandardCopyOption.ATOMIC_MOVE);
                syncFolder();
                return "2.0.0 Ok: queued as " + no;
            } catch (IOException e) {
                LOG.error("the embedded relay could not file mail {}", no, e);
                Files.deleteIfExists(part);
                throw new RejectException(451, "4.3.0 the mail could not be filed");
            }
        }

        private void write(Path part, InputStream in) throws IOException {
            try (FileOutputStream out = new FileOutputStream(part.toFile())) {
                copy(in, out);
                out.getFD().sync();
            }
        }

        private void copy(InputStream in, OutputStream out) throws IOException {
            byte[] buffer = new byte[64 * 1024];
            long total = 0;
            for (int read; (read = in.read(buffer)) >= 0; ) {
                total += read;
                if (total > LARGEST) {
                    throw new IOException("more than " + LARGEST + " bytes");
                }
                out.write(buffer, 0, read);
            }
        }

        private void syncFolder() throws IOException {
            try (FileChannel folder = FileChannel.open(archive, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }

        @Override
        public void done() {
            // The connection ends; everything is on disk.
        }
    }
}
