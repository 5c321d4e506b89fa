package io.sendport.host.submission;

import io.sendport.config.SubmissionSettings;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.run.submit.FeedDesk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for clients that hand in mail. Open from its construction until {@link #close}. Safe for use by several threads. */
public final class SubmissionFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SubmissionFeed.class);
    private static final int BACKLOG = 200;
    /** How long a client may say nothing (RFC 5321, section 4.5.3.2.7). */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    private final Desk desk;
    private final SubmissionSettings settings;
    private final ServerSocket listener;
    private final ExecutorService sessions;
    private final Map<Dialogue, InetAddress> talking = new ConcurrentHashMap<>();

    /**
     * Listens.
     *
     * @param submitter the way into the message box
     * @param logOns who may log on
     * @param spool where mails are kept while they come
     * @throws IOException when the address is taken, or none of this machine
     */
    public SubmissionFeed(SubmissionSettings settings, FeedDesk submitter, LogOns logOns, SpoolPlace spool, Clock clock)
            throws IOException {
        this.settings = settings;
        this.listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getByName(settings.address()), settings.port()), BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw new IOException(
                    "<submission> can't listen at " + settings.address() + ":" + settings.port() + ": "
                            + e.getMessage(),
                    e);
        }
        this.desk = new Desk(
                settings,
                submitter,
                logOns,
                spool,
                clock,
                InetAddress.getLocalHost().getHostName());
        AtomicInteger number = new AtomicInteger();
        this.sessions = new ThreadPoolExecutor(
                0,
                settings.maxConnections(),
                KEEP_ALIVE.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "sendport-submission-" + number.incrementAndGet()));
        daemon(this::accept, "sendport-submission").start();
        LOG.info("mail is taken at {}:{}", settings.address(), listener.getLocalPort());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The port that it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                accept(client);
            } catch (SocketException e) {
                if (!listener.isClosed()) {
                    LOG.warn("a connection to the submission feed failed: {}", e.getMessage());
                }
            } catch (IOException | RuntimeException e) {
                LOG.warn("a connection to the submission feed failed", e);
            }
        }
    }

    private void accept(Socket client) throws IOException {
        InetAddress address = client.getInetAddress();
        if (!settings.allows(address)) {
            LOG.warn("{} may not hand in mail: no <allow> of <submission> has it", address.getHostAddress());
            refuse(client, new Reply(554, "5.7.1", "This address may not hand in mail"));
            return;
        }
        boolean isCrowd = !address.isLoopbackAddress()
                && talking.values().stream().filter(address::equals).count() * 2 >= settings.maxConnections();
        if (talking.size() >= settings.maxConnections() || isCrowd) {
            refuse(client, Reply.TOO_MANY_CONNECTIONS);
            return;
        }
        client.setSoTimeout((int) PATIENCE.toMillis());
        client.setTcpNoDelay(true);
        Dialogue dialogue = new Dialogue(client, desk);
        talking.put(dialogue, address);
        try {
            sessions.execute(() -> talk(dialogue));
        } catch (java.util.concurrent.RejectedExecutionException e) {
            talking.remove(dialogue);
            refuse(client, desk.isStopping() ? Reply.STOPPING : Reply.TOO_MANY_CONNECTIONS);
        }
    }

    private static void refuse(Socket client, Reply reply) throws IOException {
        try (client) {
            client.getOutputStream()
                    .write((reply.line() + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
    }

    private void talk(Dialogue dialogue) {
        try {
            dialogue.run();
        } catch (IOException e) {
            LOG.debug("a session of the submission feed ended: {}", e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("a session of the submission feed failed; the client got no answer, and will try again", e);
        } finally {
            dialogue.hangUp();
            talking.remove(dialogue);
        }
    }

    /** Takes nothing more, and waits at most {@code patience} for mails that are being taken. */
    public void stop(Duration patience) {
        desk.stop();
        try {
            listener.close();
        } catch (IOException e) {
            LOG.warn("the submission feed did not close: {}", e.getMessage());
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (talking.keySet().stream().anyMatch(Dialogue::hasInHand) && System.nanoTime() - deadline < 0) {
            talking.keySet().stream().filter(each -> !each.hasInHand()).forEach(Dialogue::hangUp);
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        talking.keySet().forEach(Dialogue::hangUp);
        sessions.shutdownNow();
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
