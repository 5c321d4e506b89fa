package io.sendport.console.pages;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.sendport.console.access.Role;
import io.sendport.console.api.Looks;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.operate.Operations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** The pages of the web console, and what they are made of. They show what the API shows, to the same people. */
public final class Pages {

    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
            + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final Map<String, String> ASSETS = Map.of(
            "console.css", "text/css; charset=utf-8",
            "console.js", "text/javascript; charset=utf-8",
            "login.js", "text/javascript; charset=utf-8");

    private final Supplier<Optional<Operations>> operations;
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);

    /** Shows {@code operations}; empty while the message box is not open. */
    public Pages(Supplier<Optional<Operations>> operations) {
        this.operations = operations;
    }

    /** For whoever asks: how to log on. */
    public List<Route> open() {
        return List.of(
                new Route("GET", "/login", Set.of(), call -> html("login.jte", Map.of())),
                new Route("GET", "/assets/{name}", Set.of(), Pages::asset));
    }

    /** The pages. */
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/", Set.of(Role.VIEWER), this::overview),
                new Route("GET", "/messages", Set.of(Role.VIEWER), this::messages),
                new Route("GET", "/messages/{id}", Set.of(Role.VIEWER), this::message));
    }

    private Operations all() {
        return operations
                .get()
                .orElseThrow(() -> new ProblemException(Problem.Type.NOT_NOW, "the message box is not open yet"));
    }

    private static Page page(String title, Call call, Operations all) {
        return new Page(
                title, call.caller(), all.routing().messageBox().url().replaceAll("\\?.*", ""), all.instances());
    }

    private Answer overview(Call call) {
        Operations all = all();
        Looks looks = new Looks(all, call);
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("page", page("Overview", call, all));
        model.put("status", looks.status());
        model.put("ports", looks.ports());
        return html("overview.jte", model);
    }

    private Answer messages(Call call) {
        Operations all = all();
        Looks.Found found = new Looks(all, call).messages();
        Map<String, String> filter = new LinkedHashMap<>();
        call.queryNames().forEach(name -> call.query(name).ifPresent(value -> filter.put(name, value)));
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("page", page("Messages", call, all));
        model.put(
                "shown",
                new Shown(filter, found.items(), found.complete(), next(call, found.next()), found.isReader()));
        return html("messages.jte", model);
    }

    /** The same search, further back. */
    private static Optional<String> next(Call call, OptionalLong next) {
        if (next.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder address = new StringBuilder("/messages?after=").append(next.getAsLong());
        for (String name : call.queryNames()) {
            if (!name.equals("after")) {
                call.queries(name).forEach(value -> address.append('&')
                        .append(Links.encoded(name))
                        .append('=')
                        .append(Links.encoded(value)));
            }
        }
        return Optional.of(address.toString());
    }

    private Answer message(Call call) {
        Operations all = all();
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("story", new Looks(all, call).story());
        model.put("page", page("Message " + call.path("id"), call, all));
        return html("message.jte", model);
    }

    /** A problem for a person at a browser. */
    public Answer problem(Problem problem) {
        return html(problem.type().status(), "problem.jte", Map.of("problem", problem));
    }

    private Answer html(String template, Map<String, Object> model) {
        return html(200, template, model);
    }

    private Answer html(int status, String template, Map<String, Object> model) {
        StringOutput out = new StringOutput();
        templates.render(template, model, out);
        byte[] bytes = out.toString().getBytes(StandardCharsets.UTF_8);
        return new Answer(
                status,
                Map.of("Content-Security-Policy", POLICY),
                "text/html; charset=utf-8",
                OptionalLong.of(bytes.length),
                to -> to.write(bytes));
    }

    private static Answer asset(Call call) throws IOException {
        String name = call.path("name");
        String type = ASSETS.get(name);
        if (type == null) {
            throw new ProblemException(Problem.Type.NOT_FOUND, "there is no such asset");
        }
        try (InputStream in = Pages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the console module");
            }
            byte[] bytes = in.readAllBytes();
            return new Answer(200, Map.of(), type, OptionalLong.of(bytes.length), to -> to.write(bytes));
        }
    }
}
