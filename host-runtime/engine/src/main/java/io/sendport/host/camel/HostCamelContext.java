package io.sendport.host.camel;

import io.sendport.api.settings.Problem;
import io.sendport.api.submit.Submitter;
import io.sendport.host.pipeline.Services;
import io.sendport.host.run.Dispatcher;
import io.sendport.host.run.PortWork;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.Suspendable;
import org.apache.camel.SuspendableService;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;

/** The Camel context of one host instance, with the routes of its ports and feeds. */
public final class HostCamelContext implements AutoCloseable {

    /** The schemes of mail components, which are refused because they would bypass the send ports. */
    private static final Set<String> MAIL = Set.of("smtp", "smtps", "imap", "imaps", "pop3", "pop3s");

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final String CLAIMS = "send-port-claims";
    private static final String PORT_ROUTE = "send-port:";

    private final DefaultCamelContext context;
    private final FeedComponent sendport;
    private final List<String> feeds = new CopyOnWriteArrayList<>();
    private final FeedWatch feedWatch;
    private final FeedBackPressure backPressure;

    /** Creates a context for {@code host} without starting it. Feeds submit to {@code ports} through {@code submitter}. */
    public HostCamelContext(
            String host, Map<String, String> properties, Set<String> ports, Submitter submitter, Clock clock) {
        context = new DefaultCamelContext(false);
        context.disableJMX();
        context.getCamelContextExtension().setName("sendport-" + host);
        context.getShutdownStrategy().setTimeout(10);
        context.getShutdownStrategy().setShutdownNowOnTimeout(true);
        context.getShutdownStrategy().setSuppressLoggingOnTimeout(true);
        context.setStartupSummaryLevel(StartupSummaryLevel.Off);
        context.setLoadTypeConverters(false);
        context.setLoadHealthChecks(false);
        context.setSourceLocationEnabled(true);
        DirectComponent direct = new DirectComponent();
        direct.setBlock(false);
        context.addComponent("direct", direct);
        MAIL.forEach(scheme -> context.addComponent(scheme, new RefusedMailComponent()));
        feedWatch = new FeedWatch(clock);
        backPressure = new FeedBackPressure(feedWatch, RETRY_INTERVAL);
        sendport = new FeedComponent(backPressure, submitter, ports);
        context.addComponent("sendport", sendport);
        update(properties, ports);
        if (context.getPropertiesComponent() instanceof PropertiesComponent component) {
            component.addPropertiesFunction(new CamelPlaceholders.FileFunction());
        }
        context.getCamelContextExtension().registerEndpointCallback((uri, endpoint) -> {
            if (endpoint.getClass().getName().startsWith("org.apache.camel.component.mail.")) {
                throw new IllegalArgumentException(
                        "mail can be sent only through send ports, not through " + scheme(uri));
            }
            return endpoint;
        });
    }

    /** Sets the values of placeholders, and the names of the ports and groups to which feeds can submit. */
    public final void update(Map<String, String> properties, Set<String> ports) {
        Properties initial = new Properties();
        initial.putAll(properties);
        context.getPropertiesComponent().setInitialProperties(initial);
        sendport.setPorts(ports);
    }

    private static String scheme(String uri) {
        int colon = uri.indexOf(':');
        return colon < 0 ? uri : uri.substring(0, colon) + ":";
    }

    /** The context, for adapters and components that use Camel endpoints. */
    public CamelContext context() {
        return context;
    }

    /** Returns {@code services} with the context, for adapters outside a host instance. */
    public Services addTo(Services services) {
        return services.with(CamelContext.class, context);
    }

    /** Sets the folder to which feeds spool large content, encrypted. Without this call, Camel uses its default folder. */
    public void spoolInto(Path folder) {
        context.getStreamCachingStrategy().setSpoolEnabled(true);
        context.getStreamCachingStrategy()
                .setSpoolDirectory(folder.resolve("feeds").toFile());
        context.getStreamCachingStrategy().setSpoolCipher("AES/CTR/NoPadding");
    }

    /** Starts the context. Routes of ports are added later, and started one by one. */
    public void start() {
        context.build();
        context.getManagementStrategy().addEventNotifier(feedWatch);
        context.start();
    }

    /**
     * Adds the route {@code send-port:NAME} without starting it. It passes messages that {@code dispatcher} claims to the pipeline and then
     * to the adapter.
     *
     * @throws Exception when Camel cannot add the route
     */
    public void addPort(PortWork work, Dispatcher dispatcher) throws Exception {
        ClaimEndpoint claims = new ClaimEndpoint(CLAIMS + ":" + work.port(), work, dispatcher);
        claims.setCamelContext(context);
        context.addEndpoint(claims.getEndpointUri(), claims);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(claims)
                        .routeId(routeId(work.port()))
                        .autoStartup(false)
                        .errorHandler(noErrorHandler())
                        .process(new PrepareProcessor(work))
                        .id("pipeline:" + work.port())
                        .process(new SendProcessor(work))
                        .id("adapter:" + work.port());
            }
        });
    }

    /**
     * Stops and removes the route of a port.
     *
     * @throws Exception when Camel cannot remove the route
     */
    public void removePort(String port) throws Exception {
        stopPort(port, Duration.ZERO);
        context.removeRoute(routeId(port));
        context.removeEndpoints(CLAIMS + ":" + port);
    }

    /** Starts the route of a port. */
    public void startPort(String port) throws Exception {
        context.getRouteController().startRoute(routeId(port));
    }

    /** Stops the route of a port. Waits at most about {@code timeout} for its messages in progress. */
    public void stopPort(String port, Duration timeout) throws Exception {
        context.getRouteController().stopRoute(routeId(port), Math.max(1, timeout.toSeconds() + 1), TimeUnit.SECONDS);
    }

    /** Whether the route of a port runs. */
    public boolean isStarted(String port) {
        return context.getRouteController().getRouteStatus(routeId(port)) == ServiceStatus.Started;
    }

    private static String routeId(String port) {
        return PORT_ROUTE + port;
    }

    /**
     * Loads feed routes without starting them.
     *
     * @throws FeedException when a file does not contain Camel routes, repeats a route id, or names an endpoint that cannot be
     *     created
     */
    public void addFeeds(List<Path> files) throws FeedException {
        context.setAutoStartup(false);
        for (Path file : files) {
            Set<String> before = routeIds();
            int count = context.getRouteDefinitions().size();
            try {
                byte[] bytes = FeedFile.read(file);
                // Camel treats everything after the first dot of a name as the extension.
                String name = String.valueOf(file.getFileName())
                                .replaceAll("\\.xml$", "")
                                .replace('.', '-') + ".xml";
                // Camel keeps what it read from an invalid file, by location, so every load has a location of its own.
                Resource resource = ResourceHelper.fromBytes("file:" + UUID.randomUUID() + "/" + name, bytes);
                PluginHelper.getRoutesLoader(context).loadRoutes(resource);
            } catch (Exception e) {
                throw new FeedException(file + ": " + rootMessage(e), e);
            }
            int added = context.getRouteDefinitions().size() - count;
            if (added <= 0 || routeIds().size() != before.size() + added) {
                throw new FeedException(file + ": contains no new route, or repeats a route id", null);
            }
            context.getRouteDefinitions().stream()
                    .filter(route -> !before.contains(route.getRouteId()))
                    .filter(route -> !"false".equals(route.getAutoStartup()))
                    .forEach(route -> feeds.add(route.getRouteId()));
        }
    }

    /** Starts the context, and returns {@code services} with it. */
    public Services startAndAddTo(Services services) {
        context.start();
        return services.with(CamelContext.class, context);
    }

    /** Returns the problems of feed routes. Loads no route, and creates no endpoint. */
    public List<Problem> feedProblems(List<Path> files) {
        context.build();
        return new FeedCheck(context).problems(files);
    }

    /**
     * Checks the URI of a {@code <camel>} element, after {@link CamelUri#check}. Component and options must exist, and the class of the
     * component must not create or look up objects. Creates no endpoint.
     *
     * @return the fault; empty when there is none, or when {@link CamelUri#check} has reported one
     */
    public Optional<String> endpointFault(String uri) {
        int colon = uri.indexOf(':');
        if (colon <= 0 || CamelUri.fault(uri).isPresent()) {
            return Optional.empty();
        }
        context.build();
        EndpointCheck check = new EndpointCheck(context);
        return check.component(uri.substring(0, colon)).flatMap(CamelUri::fault).or(() -> check.fault(uri));
    }

    private Set<String> routeIds() {
        Set<String> ids = new HashSet<>();
        context.getRouteDefinitions().forEach(route -> ids.add(route.getRouteId()));
        return ids;
    }

    static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /**
     * Stops and removes all feed routes.
     *
     * @throws Exception when Camel cannot remove a route
     */
    public void removeFeeds() throws Exception {
        stopFeeds();
        for (String route : routeIds()) {
            if (!route.startsWith(PORT_ROUTE)) {
                context.removeRoute(route);
            }
        }
        feeds.clear();
        feedWatch.clear();
    }

    /** The feed routes that fail now. */
    public List<FeedFault> feedFaults() {
        return feedWatch.faults();
    }

    /** Starts the feed routes, except those with autoStartup turned off. */
    public void startFeeds() throws Exception {
        backPressure.begin();
        for (String route : feeds) {
            feedWatch.watch(context.getRoute(route));
            context.getRouteController().startRoute(route);
            // Observe again, because Camel creates a new consumer when it starts a route again.
            feedWatch.watch(context.getRoute(route));
        }
    }

    /** Stops every feed route, so that nothing new is submitted. */
    public void stopFeeds() throws Exception {
        releaseWaiting();
        for (Route route : feedRoutes()) {
            context.getRouteController().stopRoute(route.getRouteId(), 10, TimeUnit.SECONDS);
        }
    }

    private List<Route> feedRoutes() {
        return context.getRoutes().stream()
                .filter(route -> !route.getRouteId().startsWith(PORT_ROUTE))
                .toList();
    }

    /**
     * Releases waiting messages to their sources. Suspends the consumers first, because they would otherwise receive the same messages
     * again.
     */
    private void releaseWaiting() {
        for (Route route : feedRoutes()) {
            if (route.getConsumer() instanceof Suspendable
                    && route.getConsumer() instanceof SuspendableService consumer
                    && ServiceHelper.isStarted(consumer)) {
                consumer.suspend();
            }
        }
        backPressure.end();
    }

    @Override
    public void close() {
        releaseWaiting();
        context.stop();
    }

    /** Feed routes cannot be loaded. */
    public static final class FeedException extends Exception {
        private static final long serialVersionUID = 1L;

        FeedException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Takes the place of the mail components, and refuses their endpoints. */
    static final class RefusedMailComponent extends DefaultComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            throw new IllegalArgumentException(refusal(uri));
        }

        static String refusal(String uri) {
            return "mail can be sent only through send ports, not through " + scheme(uri) + "; use sendport:NAME";
        }
    }
}
