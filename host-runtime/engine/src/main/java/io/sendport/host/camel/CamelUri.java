package io.sendport.host.camel;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.ResolveEndpointFailedException;

/**
 * The URI of a {@code <camel>} element: it names an endpoint and says how that works. It must neither make an object of a class nor look
 * up a bean, since that is code, in whatever spelling Camel would understand. No fault quotes the URI, which may hold a password.
 */
final class CamelUri {

    /** More rounds of percent-encoding than anybody needs. */
    private static final int MOST_ROUNDS = 5;

    /** Components that make an object, look one up, or run an expression of another language. */
    private static final Pattern SCHEME =
            Pattern.compile("(?<![\\p{L}\\p{N}_.-])(class|bean|ref|language|dataset|dataset-test)\\s*:");

    /** What Camel looks up or makes wherever it stands. */
    private static final Pattern FUNCTION = Pattern.compile("#\\s*(class|type|bean|property|autowired|valueas)\\b");

    /** A value that begins with # is a name to look up; so is each of a list. Camel takes off RAW() before it looks. */
    private static final Pattern REFERENCE = Pattern.compile("(?:^|[?&;=,])\\s*(?:raw\\s*[({])?[\\s'\"]*#");

    private static final Pattern PATH_REFERENCE = Pattern.compile("^[a-z0-9+.-]+:(?://)?\\s*#");
    private static final Pattern EXPRESSION = Pattern.compile("\\$(?:simple)?\\{");

    /** Expressions that give a text and call nothing. */
    private static final Pattern HARMLESS_EXPRESSION = Pattern.compile(
            "\\$(?:simple)?\\{(?:"
                    + "date(?:-with-timezone)?:[\\w:.'+/ -]*|(?:in\\.)?headers?[.:][\\w-]+|(?:in\\.)?headers?\\[['\"]?[\\w.-]+['\"]?]"
                    + "|file:[\\w.]+|id|messageid|exchangeid|routeid|hostname|threadname|uuid|body|random\\(\\d+(?:,\\d+)?\\))}");

    private CamelUri() {}

    /** What is wrong with the {@code uri} of a {@code <camel>} element. */
    static List<Problem> check(Settings camel, String example) {
        String uri = camel.text("uri", "");
        if (uri.indexOf(':') <= 0) {
            return List.of(camel.problem("uri", "is no endpoint URI", "expected one such as " + example));
        }
        return fault(uri).stream()
                .map(fault -> camel.problem(
                        "uri",
                        fault,
                        "expected an endpoint that creates no class instance and looks up no bean; for code of your own use"
                                + " <component class> or a route file"))
                .toList();
    }

    /**
     * The URI, after {@link #fault}.
     *
     * @throws IllegalArgumentException where there is one
     */
    static String require(Settings camel) {
        String uri = camel.require("uri");
        fault(uri).ifPresent(fault -> {
            throw new IllegalArgumentException(camel.originOf("uri") + ": <camel> uri: " + fault);
        });
        return uri;
    }

    /**
     * The endpoint. Under another name its component may still be one of those that make or look up objects.
     *
     * @throws ResolveEndpointFailedException when it is, or the endpoint can't be made
     */
    static Endpoint endpoint(CamelContext camel, String uri) {
        String scheme = uri.substring(0, uri.indexOf(':'));
        Component component = camel.getComponent(scheme);
        if (component != null) {
            fault(component.getClass()).ifPresent(fault -> {
                throw new ResolveEndpointFailedException(scheme + ":", fault);
            });
        }
        return camel.getEndpoint(uri);
    }

    /** Whether endpoints of this class of components make or look up objects. */
    static Optional<String> fault(Class<?> component) {
        for (Class<?> each = component; each != null; each = each.getSuperclass()) {
            String name = each.getName();
            if (name.startsWith("org.apache.camel.component.bean")
                    || name.startsWith("org.apache.camel.component.ref.")
                    || name.startsWith("org.apache.camel.component.language.")
                    || name.startsWith("org.apache.camel.component.dataset.")) {
                return Optional.of("its scheme stands for " + name + ", which makes or looks up objects");
            }
        }
        return Optional.empty();
    }

    /** What of the URI would make an object of a class or look one up; empty when nothing does. */
    static Optional<String> fault(String uri) {
        if (uri.contains("{{")) {
            return Optional.of("holds a placeholder that Camel would resolve after it was checked");
        }
        for (String form : forms(uri)) {
            Optional<String> fault = faultOf(form).or(() -> faultOf(form.replaceAll("[\\s\\p{Cntrl}]+", "")));
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> faultOf(String form) {
        Matcher scheme = SCHEME.matcher(form);
        if (scheme.find()) {
            return Optional.of("names the component " + scheme.group(1) + ":");
        }
        Matcher function = FUNCTION.matcher(form);
        if (function.find()) {
            return Optional.of("holds #" + function.group(1));
        }
        if (REFERENCE.matcher(form).find() || PATH_REFERENCE.matcher(form).find()) {
            return Optional.of("holds a value that begins with #, which Camel takes for the name of a bean");
        }
        if (form.contains("{{")) {
            return Optional.of("holds a placeholder that Camel would resolve after it was checked");
        }
        Matcher expression = EXPRESSION.matcher(form);
        while (expression.find()) {
            if (!HARMLESS_EXPRESSION
                    .matcher(form)
                    .region(expression.start(), form.length())
                    .lookingAt()) {
                return Optional.of(
                        "holds an expression that may call methods; only dates, headers, ids, names of files and the"
                                + " body are taken");
            }
        }
        return Optional.empty();
    }

    /** As it stands, and with each round of percent-encoding taken off, in lower case. */
    private static List<String> forms(String uri) {
        List<String> forms = new ArrayList<>();
        String form = uri;
        for (int round = 0; round <= MOST_ROUNDS; round++) {
            forms.add(form.toLowerCase(Locale.ROOT));
            String decoded = decoded(form);
            if (decoded.equals(form)) {
                return forms;
            }
            form = decoded;
        }
        // Whoever encodes that often hides something.
        forms.add("class:");
        return forms;
    }

    /** Takes off what is well-formed, and leaves the rest. */
    private static String decoded(String text) {
        Matcher escapes = Pattern.compile("(?:%[0-9a-fA-F]{2})+").matcher(text);
        return escapes.replaceAll(
                escape -> Matcher.quoteReplacement(URLDecoder.decode(escape.group(), StandardCharsets.UTF_8)));
    }
}
