package io.sendport.console.api;

import io.sendport.console.access.Authenticator;
import io.sendport.console.access.SessionCookie;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.operate.Operations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** All routes of the API. */
public final class Api {

    private Api() {}

    /**
     * The routes that need no authentication: log-in.
     *
     * @param operations as in {@link #routes}
     * @param cookie holds the session
     * @param gate counts refusals
     */
    public static List<Route> open(
            Supplier<Optional<Operations>> operations, SessionCookie cookie, Authenticator gate) {
        return new SessionResource(opened(operations), cookie, gate).open();
    }

    /** The routes for callers with a session: log-off. */
    public static List<Route> session(
            Supplier<Optional<Operations>> operations, SessionCookie cookie, Authenticator gate) {
        return new SessionResource(opened(operations), cookie, gate).routes();
    }

    private static Supplier<Operations> opened(Supplier<Optional<Operations>> operations) {
        return () -> operations
                .get()
                .orElseThrow(() -> new ProblemException(Problem.Type.NOT_NOW, "the message box is not open yet"));
    }

    /**
     * The routes for authenticated callers.
     *
     * @param operations the operations that the API exposes; empty while the message box is not open
     * @param workbench reads the configuration
     * @param events sends events to listeners
     * @param confirmed called after an act on many messages was confirmed
     */
    public static List<Route> routes(
            Supplier<Optional<Operations>> operations,
            ConfigurationAccess workbench,
            Events events,
            Runnable confirmed) {
        Supplier<Operations> open = opened(operations);
        List<Route> routes = new ArrayList<>(new StatusResource(open).routes());
        routes.addAll(new PortsResource(open).routes());
        routes.addAll(new SubmissionsResource(open, workbench).routes());
        routes.addAll(new OutcomesResource(open).routes());
        routes.addAll(new BulkResource(open, confirmed).routes());
        routes.addAll(new MessagesResource(open).routes());
        routes.addAll(new AuditResource(open).routes());
        routes.addAll(new ConfigurationResource(open, workbench).routes());
        routes.addAll(new DoctorResource(open, workbench).routes());
        routes.addAll(events.routes());
        routes.addAll(Description.routes());
        return routes.stream().map(Parameters::checking).toList();
    }
}
