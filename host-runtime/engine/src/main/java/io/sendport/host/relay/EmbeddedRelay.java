package io.sendport.host.relay;

import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.settings.Secret;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/**
 * An SMTP server on the loopback address, only for this process. It stores the received bytes of each mail in {@code N.eml}, and the
 * envelope in {@code N.json}. If there is a next hop, it also stores that the mail waits for it. All this is on disk before the reply
 * 250. Safe for use by several threads.
 */
public final class EmbeddedRelay implements AutoCloseable {

    /** The user name. Each relay has a new random password. */
    public static final String USER = "sendport";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRelay.class);

    /** More connections than any adapter opens. The effective limit is in the configuration of the port. */
    private static final int MAX_CONNECTIONS = 1_000;

    /** The limit of connections that have not logged on: other processes of this machine can connect too. */
    private static final int MAX_UNAUTHENTICATED = MAX_CONNECTIONS / 10;

    private static final Duration LOG_ON_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_RECIPIENTS = 1_000;
    private static final int SECRET_BYTES = 24;

    private final RelayFolder folder;
    private final Clock clock;
    private final RelayRecorder recorder;
    private final String password = secret();
    private final UnauthenticatedSessions unauthenticated;
    private final SMTPServer server;
    private volatile int maxMessageSize;
    private volatile @Nullable NextHop next;

    /**
     * Starts on a free port of 127.0.0.1, and stores mails in {@code archive}.
     *
     * @param maxMessageSize the largest size of a mail in bytes; larger mails are refused
     * @param recorder records the next hop's answers
     * @throws IOException when the archive cannot be created, or another relay uses it
     */
    public EmbeddedRelay(Path archive, int maxMessageSize, Clock clock, RelayRecorder recorder) throws IOException {
        this(
                archive,
                maxMessageSize,
                clock,
                recorder,
                new UnauthenticatedSessions(MAX_UNAUTHENTICATED, LOG_ON_TIMEOUT));
    }

    EmbeddedRelay(
            Path archive,
            int maxMessageSize,
            Clock clock,
            RelayRecorder recorder,
            UnauthenticatedSessions unauthenticated)
            throws IOException {
        this.unauthenticated = unauthenticated;
        this.folder = new RelayFolder(archive);
        this.maxMessageSize = maxMessageSize;
        this.clock = clock;
        this.recorder = recorder;
        server = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .softwareName("Sendport")
                .maxMessageSize(Integer.MAX_VALUE)
                .maxRecipients(MAX_RECIPIENTS)
                .maxConnections(MAX_CONNECTIONS)
                .authenticationHandlerFactory(
                        new EasyAuthenticationHandlerFactory((user, given, context) -> logOn(user, given, context)))
                .requireAuth()
                .sessionHandler(unauthenticated)
                .insertReceivedHeaders(false)
                .messageHandlerFactory(Filing::new)
                .build();
        server.start();
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private void logOn(String user, String given, MessageContext context) throws LoginFailedException {
        boolean same = MessageDigest.isEqual(
                password.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
        if (!same || !user.equals(USER)) {
            throw new LoginFailedException("this relay accepts mail only from its own process");
        }
        unauthenticated.loggedOn(context);
    }

    /**
     * Applies new settings.
     *
     * @param largest the largest size of a mail in bytes
     * @param hop the adapter for the next hop, which this object closes; empty if mails are only stored
     */
    public synchronized void applySettings(int largest, Optional<SendAdapter> hop) {
        maxMessageSize = largest;
        NextHop before = next;
        if (hop.isEmpty()) {
            next = null;
            if (before != null) {
                before.close();
            }
        } else if (before == null) {
            next = new NextHop(folder, hop.get(), NextHop.RULE, clock, recorder);
        } else {
            before.switchTo(hop.get());
        }
    }

    /** The TCP port on which it listens. */
    public int port() {
        return server.getPortAllocated();
    }

    /** The password of {@link #USER}. */
    public Secret password() {
        return new Secret(password);
    }

    /** A problem that an operator must solve, with the next step; empty when there is none. */
    public String fault() {
        NextHop hop = next;
        return hop == null ? "" : hop.fault();
    }

    /** The failed attempts since the next hop last accepted a recipient; empty when there are none, or when no mail waits. */
    public Optional<HopFailures> hopFailures() {
        NextHop hop = next;
        return hop == null ? Optional.empty() : hop.failures();
    }

    @Override
    public void close() {
        server.stop();
        unauthenticated.close();
        NextHop hop = next;
        if (hop != null) {
            hop.close();
        }
        folder.close();
    }

    /** One SMTP transaction. */
    private final class Filing implements MessageHandler {
        private final List<MailAddress> recipients = new ArrayList<>();
        private final String client;
        private Optional<MailAddress> sender = Optional.empty();

        Filing(MessageContext context) {
            client = String.valueOf(context.getRemoteAddress());
        }

        @Override
        public void from(String from) throws RejectException {
            sender = from.isEmpty() ? Optional.empty() : Optional.of(address(from));
        }

        @Override
        public void recipient(String recipient) throws RejectException {
            recipients.add(address(recipient));
        }

        private MailAddress address(String text) throws RejectException {
            try {
                return MailAddress.parse(text);
            } catch (IllegalArgumentException e) {
                throw new RejectException(553, "5.1.3 " + e.getMessage());
            }
        }

        @Override
        public String data(InputStream in) throws RejectException, IOException {
            NextHop hop = next;
            if (hop != null && hop.isFull()) {
                in.transferTo(OutputStream.nullOutputStream());
                throw new RejectException(452, "4.3.1 " + NextHop.MAX_WAITING + " mails wait for the next hop");
            }
            long no = folder.next();
            Path part = folder.part(no);
            try {
                Intake intake = new Intake();
                if (!write(part, in, intake)) {
                    Files.deleteIfExists(part);
                    throw new RejectException(552, "5.3.4 more than " + maxMessageSize + " bytes");
                }
                file(no, intake, hop);
                return "2.0.0 Ok: queued as " + no;
            } catch (IOException e) {
                LOG.error(
                        "The embedded relay cannot store mail {} in {}. The port retries the message. Check the free space and the"
                                + " permissions of the folder",
                        no,
                        folder,
                        e);
                Files.deleteIfExists(part);
                in.transferTo(OutputStream.nullOutputStream());
                throw new RejectException(451, "4.3.0 the mail could not be stored");
            }
        }

        private void file(long no, Intake intake, @Nullable NextHop hop) throws IOException {
            Instant now = clock.instant();
            Map<String, Object> envelope = new TreeMap<>();
            envelope.put("sender", sender.map(MailAddress::toString).orElse(""));
            envelope.put(
                    "recipients", recipients.stream().map(MailAddress::toString).toList());
            envelope.put("client", client);
            envelope.put("receivedAt", now.toString());
            folder.file(no, envelope);
            if (hop != null) {
                boolean utf8 = Stream.concat(recipients.stream(), sender.stream())
                        .anyMatch(each -> each.toString().chars().anyMatch(c -> c > 0x7F));
                RelayProgress progress = new RelayProgress(
                        no,
                        sender,
                        List.copyOf(recipients),
                        List.of(),
                        intake.transparency(utf8),
                        intake.mimeMessageId(),
                        intake.sha256(),
                        now,
                        0,
                        false,
                        now,
                        "");
                folder.keep(RelayFolder.WAITING, progress);
                hop.add(progress);
            }
        }

        /** Writes the mail, and returns whether it was small enough. Reads all of it in any case, as the protocol requires. */
        private boolean write(Path part, InputStream in, Intake intake) throws IOException {
            try (FileOutputStream out = new FileOutputStream(part.toFile())) {
                byte[] buffer = new byte[64 * 1024];
                long total = 0;
                for (int read; (read = in.read(buffer)) >= 0; ) {
                    total += read;
                    if (total <= maxMessageSize) {
                        out.write(buffer, 0, read);
                        intake.add(buffer, read);
                    }
                }
                out.getFD().sync();
                return total <= maxMessageSize;
            }
        }

        @Override
        public void done() {
            // The transaction ends. Everything is on disk.
        }
    }
}
