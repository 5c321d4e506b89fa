package io.sendport.console.pages;

import io.sendport.console.access.Caller;
import io.sendport.console.access.Role;
import io.sendport.console.api.CallerView;
import io.sendport.console.api.InProcessApi;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.operate.Operations;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** The pages of the web console and their assets. A page shows and does the same as the API, with the same permissions. */
public final class Pages {

    /**
     * A file that pages load.
     *
     * @param resource its location on the class path
     * @param type its media type
     */
    private record Asset(String resource, String type) {

        static Asset own(String name, String type) {
            return new Asset("/io/sendport/console/pages/" + name, type);
        }
    }

    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private static final Map<String, Asset> ASSETS = Map.of(
            "console.css",
            Asset.own("console.css", "text/css; charset=utf-8"),
            "console.js",
            Asset.own("console.js", SCRIPT),
            "login.js",
            Asset.own("login.js", SCRIPT),
            "htmx.min.js",
            new Asset("/META-INF/resources/webjars/htmx.org/2.0.4/dist/htmx.min.js", SCRIPT));

    private final Renderer renderer;
    private final InProcessApi api;
    private final Trend trend;

    /**
     * Creates the pages for {@code operations}.
     *
     * @param operations empty while the message box is not open
     * @param api performs the actions of the pages
     * @param trend the charts
     */
    public Pages(Supplier<Optional<Operations>> operations, InProcessApi api, Trend trend) {
        this.renderer = new Renderer(operations);
        this.api = api;
        this.trend = trend;
    }

    /** The routes that need no authentication: the log-in page and the assets. */
    public List<Route> open() {
        return List.of(
                new Route("GET", "/login", Set.of(), call -> renderer.html(200, "login.jte", Map.of())),
                new Route("GET", "/assets/{name}", Set.of(), Pages::asset));
    }

    /** The pages. */
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(new Route("GET", "/", Set.of(), this::first));
        routes.addAll(new PortPages(renderer, api).routes());
        routes.addAll(new ContentPage(renderer).routes());
        routes.addAll(new MessagePages(renderer, api).routes());
        routes.addAll(new BulkPages(renderer, api).routes());
        routes.addAll(new AuditPages(renderer, api).routes());
        routes.addAll(new ToolPages(renderer, api).routes());
        routes.addAll(new ConfigurationPages(renderer, api).routes());
        return routes;
    }

    /** The overview. A caller without access to it goes to the first page that they can open. */
    private Answer first(Call call) {
        return call.caller().has(Role.VIEWER)
                ? overview(call)
                : Section.of(call.caller()).stream()
                        .findFirst()
                        .map(section -> Answer.seeOther(section.address()))
                        .orElseThrow(() -> new ProblemException(
                                Problem.Type.FORBIDDEN, call.caller().name() + " has no role that can open a page"));
    }

    private Answer overview(Call call) {
        boolean seesAll =
                call.caller().reach(Role.VIEWER, renderer.all().routing()).isEverywhere();
        CallerView callerView = new CallerView(renderer.all(), call);
        return renderer.page(
                call,
                Section.OVERVIEW,
                "overview.jte",
                Map.of(
                        "status",
                        callerView.status(),
                        "ports",
                        callerView.ports(),
                        "charts",
                        seesAll ? trend.charts() : List.of()));
    }

    /**
     * Shows a problem in a browser: as a separate page, or as a notice in the page that sent the request.
     *
     * @param caller whose menu the page has; empty when the caller is unknown
     */
    public Answer problem(Problem problem, Optional<Caller> caller) {
        List<Section> sections = caller.map(Section::of).orElse(List.of());
        return renderer.html(problem.type().status(), "problem.jte", Map.of("problem", problem, "sections", sections))
                .with("HX-Retarget", "#said")
                .with("HX-Reswap", "innerHTML")
                .with("HX-Reselect", "#problem");
    }

    private static Answer asset(Call call) throws IOException {
        Asset asset = ASSETS.get(call.path("name"));
        if (asset == null) {
            throw new ProblemException(Problem.Type.NOT_FOUND, "there is no such asset");
        }
        try (InputStream in = Pages.class.getResourceAsStream(asset.resource())) {
            if (in == null) {
                throw new IllegalStateException(asset.resource() + " is missing from the console module");
            }
            byte[] bytes = in.readAllBytes();
            return new Answer(200, Map.of(), asset.type(), OptionalLong.of(bytes.length), to -> to.write(bytes));
        }
    }
}
