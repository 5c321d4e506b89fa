package io.sendport.console;

import io.sendport.config.ConsoleSettings;
import io.sendport.console.access.Authenticator;
import io.sendport.console.access.Authority;
import io.sendport.console.access.SessionCookie;
import io.sendport.console.access.TokenFile;
import io.sendport.console.api.Api;
import io.sendport.console.api.BulkRunner;
import io.sendport.console.api.ConfigurationAccess;
import io.sendport.console.api.Events;
import io.sendport.console.api.InProcessApi;
import io.sendport.console.http.ConsoleServer;
import io.sendport.console.http.RequestObserver;
import io.sendport.console.http.Route;
import io.sendport.console.http.Site;
import io.sendport.console.pages.Pages;
import io.sendport.console.pages.Trend;
import io.sendport.host.box.control.Sessions;
import io.sendport.host.operate.AccessLog;
import io.sendport.host.operate.Operations;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The HTTP API and web console of a process. It listens before the message box is open, and serves once it is. Safe for use by several threads. */
public final class Console implements AutoCloseable {

    private volatile Optional<Operations> operations = Optional.empty();
    private final Events events;
    private final Trend trend;
    private final BulkRunner runner;
    private final ConsoleServer server;

    /**
     * Starts listening.
     *
     * @param workbench reads the configuration
     * @param stopping how long current requests may take after {@link #close} is called
     * @throws java.net.BindException when the port is in use
     * @throws IOException when the address or the certificate cannot be used
     */
    public Console(ConsoleSettings settings, ConfigurationAccess workbench, Clock clock, Duration stopping)
            throws IOException {
        this(settings, workbench, clock, stopping, RequestObserver.NONE);
    }

    /**
     * As above.
     *
     * @param observer of the requests
     */
    public Console(
            ConsoleSettings settings,
            ConfigurationAccess workbench,
            Clock clock,
            Duration stopping,
            RequestObserver observer)
            throws IOException {
        Supplier<Optional<Sessions>> sessions = () -> operations.map(Operations::sessions);
        Authenticator gate = new Authenticator(settings, sessions, clock);
        SessionCookie cookie = new SessionCookie(settings.tls().isPresent());
        this.events = new Events(() -> operations);
        this.runner =
                new BulkRunner(() -> operations, new Authority(new TokenFile(settings.tokens()), sessions, clock));
        List<Route> api = Api.routes(() -> operations, workbench, events, runner::wake);
        this.trend = new Trend(() -> operations);
        Pages pages = new Pages(() -> operations, new InProcessApi(api), trend);
        List<Route> open = new ArrayList<>(pages.open());
        open.addAll(Api.open(() -> operations, cookie, gate));
        List<Route> routes = new ArrayList<>(pages.routes());
        routes.addAll(Api.session(() -> operations, cookie, gate));
        Supplier<Optional<AccessLog>> log = () -> operations.map(Operations::accessLog);
        routes.addAll(api);
        this.server =
                new ConsoleServer(settings, new Site(open, routes, pages::problem), log, gate, stopping, observer);
    }

    /** Serves {@code open} from now on. */
    public void serve(Operations open) {
        operations = Optional.of(open);
        trend.start();
    }

    /** The URL of the console on this machine. */
    public String url() {
        return server.url();
    }

    /** Stops accepting requests. Returns when the current requests are answered or their time is over. */
    @Override
    public void close() {
        events.close();
        trend.close();
        server.close();
        runner.close();
    }
}
