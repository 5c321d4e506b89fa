package io.sendport.console.pages;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.host.operate.Operations;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Renders pages from templates. Safe for use by several threads. */
final class Renderer {

    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
            + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final Supplier<Optional<Operations>> operations;
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);

    /** Renders data of {@code operations}, which is empty while the message box is not open. */
    Renderer(Supplier<Optional<Operations>> operations) {
        this.operations = operations;
    }

    Operations all() {
        return operations
                .get()
                .orElseThrow(() -> new ProblemException(Problem.Type.NOT_NOW, "the message box is not open yet"));
    }

    /** Renders a page of {@code section}. {@code shown} contains the additional parameters of its template. */
    Answer page(
            Call call, Section section, String title, Optional<String> said, String template, Map<String, ?> shown) {
        Operations all = all();
        Map<String, Object> model = new LinkedHashMap<>(shown);
        model.put(
                "page",
                new Page(section, title, call.caller(), all.routing(), store(call, all), all.instances(), said));
        return html(200, template, model);
    }

    /** The address of the message box for administrators, and only its name for all others. */
    private static String store(Call call, Operations all) {
        String url = all.routing().messageBox().shownUrl();
        boolean isAdmin = call.caller().reach(Role.ADMIN, all.routing()).isEverywhere();
        return isAdmin ? url : url.substring(url.lastIndexOf('/') + 1);
    }

    /** Renders a page that reports no result of an action. */
    Answer page(Call call, Section section, String template, Map<String, ?> shown) {
        return page(call, section, section.title(), Optional.empty(), template, shown);
    }

    Answer html(int status, String template, Map<String, Object> model) {
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

    /** Redirects the browser to another page. */
    static Answer goTo(String address) {
        return new Answer(
                200, Map.of("HX-Redirect", address), "text/html; charset=utf-8", OptionalLong.of(0), to -> {});
    }
}
