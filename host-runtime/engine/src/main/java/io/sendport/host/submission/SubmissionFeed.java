package io.sendport.host.submission;

import io.sendport.config.SubmissionSettings;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.run.submit.FeedSubmitter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for clients that submit mail. Open from construction until {@link #stop}. Safe for use by several threads. */
public final class SubmissionFeed {

    private static final Logger LOG = LoggerFactory.getLogger(SubmissionFeed.class);
    private static final int BACKLOG = 200;
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
    /** The interval of checks for clients that exceed their deadline. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    /** The pause after a failed accept, because resources such as file descriptors are rarely available at once. */
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

    /** The interval of checks whether the last mails were received. */
    private static final Duration DRAIN_INTERVAL = Duration.ofMillis(20);

    /** The shortest time between two log lines about failed accepts. */
    private static final Duration WARN_INTERVAL = Duration.ofMinutes(1);

    private final Desk desk;
    private final SubmissionSettings settings;
    private final ServerSocket listener;
    private final ExecutorService sessions;
    private final Map<Dialogue, InetAddress> talking = new ConcurrentHashMap<>();

    /**
     * Listens.
     *
     * @param submitter submits the mails
     * @param logOns checks log-ons
     * @param spool where mails are stored while they are received
     * @throws IOException when the address is in use, or does not belong to this machine
     */
    public SubmissionFeed(
            SubmissionSettings settings, FeedSubmitter submitter, LogOns logOns, SpoolPlace spool, Clock clock)
            throws IOException {
        this.settings = settings;
        this.desk = new Desk(settings, submitter, logOns, spool, clock, name());
        this.listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getByName(settings.address()), settings.port()), BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw new IOException(
                    "<submission> cannot listen at " + settings.address() + ":" + settings.port() + ": "
                            + e.getMessage(),
                    e);
        }
        AtomicInteger number = new AtomicInteger();
        this.sessions = new ThreadPoolExecutor(
                0,
                settings.maxConnections(),
                KEEP_ALIVE.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "sendport-submission-" + number.incrementAndGet()));
        daemon(this::hangUpLate, "sendport-submission-watch").start();
        daemon(this::accept, "sendport-submission").start();
        LOG.info("The submission feed listens at {}:{}", settings.address(), listener.getLocalPort());
    }

    /** The name of this machine; an address if it cannot be resolved, as in some containers. */
    private static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "[127.0.0.1]";
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void hangUpLate() {
        while (!listener.isClosed()) {
            talking.keySet().stream().filter(Dialogue::isLate).forEach(Dialogue::hangUp);
            rest(CHECK_INTERVAL);
        }
    }

    private void accept() {
        long warnedAt = System.nanoTime() - WARN_INTERVAL.toNanos();
        while (!listener.isClosed()) {
            try {
                accept(listener.accept());
            } catch (IOException | RuntimeException | Error e) {
                if (listener.isClosed()) {
                    return;
                }
                if (System.nanoTime() - warnedAt >= WARN_INTERVAL.toNanos()) {
                    warnedAt = System.nanoTime();
                    LOG.warn(
                            "The submission feed could not accept a connection: {}. It keeps listening. If this does not end,"
                                    + " check the limits of this process for open files, memory and threads",
                            e.toString());
                }
                rest(ACCEPT_PAUSE);
            }
        }
    }

    private static void rest(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept(Socket client) throws IOException {
        try {
            Optional<Reply> refusal = refusal(client.getInetAddress());
            if (refusal.isPresent()) {
                refuse(client, refusal.get());
                return;
            }
            client.setTcpNoDelay(true);
            begin(new Dialogue(client, desk), client);
        } catch (IOException | RuntimeException | Error e) {
            client.close();
            throw e;
        }
    }

    private void begin(Dialogue dialogue, Socket client) throws IOException {
        talking.put(dialogue, client.getInetAddress());
        try {
            sessions.execute(() -> talk(dialogue, client.getInetAddress()));
        } catch (RejectedExecutionException e) {
            talking.remove(dialogue);
            refuse(client, desk.isStopping() ? Reply.STOPPING : Reply.TOO_MANY_CONNECTIONS);
        } catch (RuntimeException | Error e) {
            talking.remove(dialogue);
            throw e;
        }
    }

    private Optional<Reply> refusal(InetAddress address) {
        if (!settings.allows(address)) {
            LOG.warn(
                    "Refused a connection from {}: no <allow> of <submission> includes this address. Add one only if this client"
                            + " may submit mail",
                    address.getHostAddress());
            return Optional.of(new Reply(554, "5.7.1", "This address is not allowed to submit mail"));
        }
        boolean isCrowd = !address.isLoopbackAddress()
                && talking.values().stream().filter(address::equals).count() * 2 >= settings.maxConnections();
        return talking.size() >= settings.maxConnections() || isCrowd
                ? Optional.of(Reply.TOO_MANY_CONNECTIONS)
                : Optional.empty();
    }

    private static void refuse(Socket client, Reply reply) throws IOException {
        try (client) {
            client.getOutputStream()
                    .write((reply.line() + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
    }

    private void talk(Dialogue dialogue, InetAddress client) {
        try {
            dialogue.run();
        } catch (IOException e) {
            LOG.debug("a session of the submission feed ended: {}", e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "An unexpected error in Sendport ended the session of {} with the submission feed without an answer. A mail"
                            + " that this client was sending may be stored; the client is expected to send it again."
                            + " Report this with the stack trace",
                    client.getHostAddress(),
                    e);
        } finally {
            dialogue.hangUp();
            talking.remove(dialogue);
        }
    }

    /** Stops accepting mail, and waits at most {@code timeout} for mails that are being received. */
    public void stop(Duration timeout) {
        desk.stop();
        try {
            listener.close();
        } catch (IOException e) {
            LOG.warn("Cannot stop listening for clients that submit mail: {}", e.getMessage());
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        while (talking.keySet().stream().anyMatch(Dialogue::isReceiving) && System.nanoTime() - deadline < 0) {
            talking.keySet().stream().filter(each -> !each.isReceiving()).forEach(Dialogue::hangUp);
            rest(DRAIN_INTERVAL);
        }
        talking.keySet().forEach(Dialogue::hangUp);
        sessions.shutdownNow();
    }
}
