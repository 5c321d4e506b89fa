package io.sendport.console.http;

import io.sendport.config.ConsoleSettings;
import io.sendport.console.access.Authenticator;
import io.sendport.host.operate.AccessLog;
import io.sendport.support.Failures;
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

/** The HTTP server, with limits that no client can exceed. Safe for use by several threads. */
public final class ConsoleServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);

    private static final int THREADS = 32;
    /** The maximum number of threads for one client, so that it cannot take all of them. */
    private static final int THREADS_PER_CLIENT = 8;

    private static final int CONNECTIONS = 256;
    private static final int EAGER_BYTES = 64 * 1024;
    private static final int HEADER_BYTES = 16 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(30);
    /** The minimum data rate of a request body. Slower requests are aborted. */
    private static final int MIN_BYTES_PER_SECOND = 200;

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

    private final Server server;
    private final ServerConnector connector;
    private final Scheduler certificateChecks = new ScheduledExecutorScheduler("sendport-console-look", true);
    private final Optional<SslContextFactory.Server> certificate;

    /**
     * Starts listening.
     *
     * @param site the routes
     * @param gate authenticates requests
     * @param log records refusals; empty while the message box is not open, when all requests are refused
     * @param stopping how long current requests may take after {@link #close} is called
     * @param observer of the requests
     * @throws BindException when the port is in use
     * @throws IOException when the address or the certificate cannot be used
     */
    public ConsoleServer(
            ConsoleSettings settings,
            Site site,
            Supplier<Optional<AccessLog>> log,
            Authenticator gate,
            Duration stopping,
            RequestObserver observer)
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
        Handler dispatcher = new Dispatcher(site, gate, new HostNames(settings.hostNames()), log, observer);
        ThreadLimitHandler limit = new ThreadLimitHandler();
        limit.setThreadLimit(THREADS_PER_CLIENT);
        limit.setHandler(new MinimumDataRateHandler(dispatcher, MIN_BYTES_PER_SECOND, 0));
        // Jetty receives a small body before it takes a thread, so that a client with an incomplete request holds none.
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
            certificateChecks.start();
            if (certificate.isPresent()) {
                Path keyStore = settings.tls().orElseThrow().keyStore();
                watchCertificate(certificate.get(), settings.tls().orElseThrow(), modified(keyStore));
            }
        } catch (Exception e) {
            close();
            if (e.getCause() instanceof BindException || e instanceof BindException) {
                throw new BindException(
                        "cannot listen on " + settings.address() + ":" + settings.port() + ": " + e.getMessage());
            }
            throw new IOException("cannot start the console at " + settings.origin() + ": " + Failures.reason(e), e);
        }
    }

    private static HttpConnectionFactory http(boolean secure) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setUriCompliance(UriCompliance.DEFAULT);
        http.setIdleTimeout(IDLE.toMillis());
        if (secure) {
            // HostNames checks the Host field. The certificate may have other names.
            http.addCustomizer(new SecureRequestCustomizer(false));
        }
        return new HttpConnectionFactory(http);
    }

    private static SslContextFactory.Server tls(ConsoleSettings.Tls tls) {
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setKeyStorePath(tls.keyStore().toUri().toString());
        context.setKeyStoreType("PKCS12");
        context.setKeyStorePassword(tls.password().reveal());
        // Clients with another server name, or without one, get the same certificate.
        context.setSniRequired(false);
        return context;
    }

    /** Loads a renewed certificate. If it cannot be read, the previous certificate stays in use. */
    private void watchCertificate(SslContextFactory.Server context, ConsoleSettings.Tls tls, FileTime seen) {
        Path keyStore = tls.keyStore();
        certificateChecks.schedule(
                () -> {
                    FileTime now = modified(keyStore);
                    if (!now.equals(seen)) {
                        try {
                            // Check first, since Jetty drops the previous certificate before it loads the new one.
                            requireKey(tls);
                            context.reload(same -> {});
                            LOG.info("The console now uses the renewed certificate in {}.", keyStore);
                        } catch (Exception e) {
                            LOG.error(
                                    "Cannot read the renewed certificate in {}; the console keeps the previous certificate: {}."
                                            + " Correct the file; Sendport reads it again when it changes",
                                    keyStore,
                                    Failures.reason(e));
                        }
                    }
                    watchCertificate(context, tls, now);
                },
                CHECK_INTERVAL.toMillis(),
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
        throw new IOException("the file has no private key");
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** The URL of the server on this machine. */
    public String url() {
        String host = connector.getHost();
        return (certificate.isPresent() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + connector.getLocalPort();
    }

    /** Stops accepting requests. Returns when the current requests are answered or their time is over. */
    @Override
    public void close() {
        try {
            certificateChecks.stop();
            server.stop();
        } catch (Exception e) {
            LOG.debug("error while stopping the console", e);
        }
    }
}
