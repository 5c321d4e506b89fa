package io.sendport.console.http;

import io.sendport.config.ConsoleSettings;
import io.sendport.console.access.Gate;
import io.sendport.host.operate.AccessLog;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.server.handler.ThreadLimitHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for requests, within limits that no client can exceed. Safe for use by several threads. */
public final class ConsoleServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);

    private static final int THREADS = 32;
    /** Of one client at the same time: it cannot take all. */
    private static final int THREADS_OF_A_CLIENT = 8;

    private static final int CONNECTIONS = 256;
    private static final int EAGER_BYTES = 64 * 1024;
    private static final int HEADER_BYTES = 16 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(30);
    /** A body that comes more slowly is given up. */
    private static final int BYTES_A_SECOND = 200;

    private static final Duration LOOK = Duration.ofSeconds(10);

    private final Server server;
    private final ServerConnector connector;
    private final Scheduler looks = new ScheduledExecutorScheduler("sendport-console-look", true);
    private final Optional<SslContextFactory.Server> certificate;

    /**
     * Starts to listen.
     *
     * @param site what is served
     * @param gate finds out who asks
     * @param log where refusals are recorded; empty while the message box is not open: nothing is served then
     * @param stopping how long requests under way may take once {@link #close} is called
     * @throws BindException when the port is taken
     * @throws IOException when the address or the certificate can't be used
     */
    public ConsoleServer(
            ConsoleSettings settings, Site site, Supplier<Optional<AccessLog>> log, Gate gate, Duration stopping)
            throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("sendport-console");
        threads.setDaemon(true);
        server = new Server(threads);
        certificate = settings.tls().map(ConsoleServer::tls);
        connector = certificate.isPresent()
                ? new ServerConnector(server, certificate.get(), http(true))
                : new ServerConnector(server, http(false));
        connector.setHost(settings.address());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE.toMillis());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, connector));
        Handler dispatcher = new Dispatcher(site, gate, new HostNames(settings.hostNames()), log);
        ThreadLimitHandler limit = new ThreadLimitHandler();
        limit.setThreadLimit(THREADS_OF_A_CLIENT);
        limit.setHandler(new MinimumDataRateHandler(dispatcher, BYTES_A_SECOND, 0));
        // A small body is there before a thread is taken for it, so that whoever sends one by halves holds none.
        EagerContentHandler eager = new EagerContentHandler(
                limit, new EagerContentHandler.RetainedContentLoaderFactory(EAGER_BYTES, 0, false));
        server.setHandler(new GracefulHandler(eager));
        server.setErrorHandler(new PlainErrors());
        server.setStopTimeout(stopping.toMillis());
        start(settings);
    }

    private void start(ConsoleSettings settings) throws IOException {
        try {
            server.start();
            looks.start();
            if (certificate.isPresent()) {
                Path keyStore = settings.tls().orElseThrow().keyStore();
                follow(certificate.get(), settings.tls().orElseThrow(), modified(keyStore));
            }
        } catch (Exception e) {
            close();
            if (e.getCause() instanceof BindException || e instanceof BindException) {
                throw new BindException(
                        settings.address() + ":" + settings.port() + " can't be listened on: " + e.getMessage());
            }
            throw new IOException("the console at " + settings.origin() + " can't be started: " + reason(e), e);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private static HttpConnectionFactory http(boolean secure) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setUriCompliance(UriCompliance.DEFAULT);
        http.setIdleTimeout(IDLE.toMillis());
        if (secure) {
            // The Host field is compared with the names that this server goes by; a certificate may have others.
            http.addCustomizer(new SecureRequestCustomizer(false));
        }
        return new HttpConnectionFactory(http);
    }

    private static SslContextFactory.Server tls(ConsoleSettings.Tls tls) {
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setKeyStorePath(tls.keyStore().toUri().toString());
        context.setKeyStoreType("PKCS12");
        context.setKeyStorePassword(tls.password().reveal());
        // A client without a name or with another one gets the same certificate.
        context.setSniRequired(false);
        return context;
    }

    /** Takes over a renewed certificate; where it can't be read the old one stays. */
    private void follow(SslContextFactory.Server context, ConsoleSettings.Tls tls, FileTime seen) {
        Path keyStore = tls.keyStore();
        looks.schedule(
                () -> {
                    FileTime now = modified(keyStore);
                    if (!now.equals(seen)) {
                        try {
                            // Jetty lets go of the one before first, so that it has to be good.
                            requireKey(tls);
                            context.reload(same -> {});
                            LOG.info("The console shows the certificate in {} from now on.", keyStore);
                        } catch (Exception e) {
                            LOG.error(
                                    "The certificate in {} can't be read, and the console goes on with the one before: {}",
                                    keyStore,
                                    reason(e));
                        }
                    }
                    follow(context, tls, now);
                },
                LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static void requireKey(ConsoleSettings.Tls tls) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(tls.keyStore())) {
            store.load(in, tls.password().revealChars());
        }
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias) && store.getKey(alias, tls.password().revealChars()) != null) {
                return;
            }
        }
        throw new IOException("it has no private key");
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** The address by which it is asked on this machine. */
    public String url() {
        String host = connector.getHost();
        return (certificate.isPresent() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + connector.getLocalPort();
    }

    /** Takes no more requests, and ends once those under way are answered or their time is over. */
    @Override
    public void close() {
        try {
            looks.stop();
            server.stop();
        } catch (Exception e) {
            LOG.debug("the console did not end well", e);
        }
    }
}
