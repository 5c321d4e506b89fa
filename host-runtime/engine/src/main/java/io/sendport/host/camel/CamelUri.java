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
 * Checks the URI of a {@code <camel>} element, which names an endpoint and its options. The URI must not make Camel create an object or
 * look up a bean, because that could run any code. This includes all spellings that Camel accepts. No fault quotes the URI, because it may
 * contain a password.
 */
final class CamelUri {

    /** The maximum number of rounds of percent-decoding; valid URIs need fewer. */
    private static final int MAX_ROUNDS = 5;

    /** The schemes of components that create or look up an object, or evaluate an expression in another language. */
    private static final Pattern SCHEME =
            Pattern.compile("(?<![\\p{L}\\p{N}_.-])(class|bean|ref|language|dataset|dataset-test)\\s*:");

    /** Functions that Camel evaluates at any place of a URI. */
    private static final Pattern FUNCTION = Pattern.compile("#\\s*(class|type|bean|property|autowired|valueas)\\b");

    /** A value that starts with # is the name of a bean, also in a list. Camel removes RAW() before it looks the bean up. */
    private static final Pattern REFERENCE = Pattern.compile("(?:^|[?&;=,])\\s*(?:raw\\s*[({])?[\\s'\"]*#");

    /** An option as written, with its value. RAW() may contain an ampersand; no part of a secret must be quoted as an option name. */
    private static final Pattern OPTION =
            Pattern.compile("[?&]([a-z][a-zA-Z.]{0,60})=((?i:RAW)\\(.*?\\)(?=&|$)|(?i:RAW)\\{.*?}(?=&|$)|[^&]*)");

    private static final Pattern PATH_REFERENCE = Pattern.compile("^[a-z0-9+.-]+:(?://)?\\s*#");
    private static final Pattern EXPRESSION = Pattern.compile("\\$(?:simple)?\\{");

    /** Expressions that return a text and call no method. */
    private static final Pattern HARMLESS_EXPRESSION = Pattern.compile(
            "\\$(?:simple)?\\{(?:"
                    + "date(?:-with-timezone)?:[\\w:.'+/ -]*|(?:in\\.)?headers?[.:][\\w-]+|(?:in\\.)?headers?\\[['\"]?[\\w.-]+['\"]?]"
                    + "|file:[\\w.]+|id|messageid|exchangeid|routeid|hostname|threadname|uuid|body|random\\(\\d+(?:,\\d+)?\\))}");

    private CamelUri() {}

    /** Checks the {@code uri} of a {@code <camel>} element. {@code example} is an example of a URI for the advice. */
    static List<Problem> check(Settings camel, String example) {
        String uri = camel.text("uri", "");
        if (uri.indexOf(':') <= 0) {
            return List.of(camel.problem("uri", "is not an endpoint URI", "expected one such as " + example));
        }
        return fault(uri).stream()
                .map(fault -> camel.problem(
                        "uri",
                        fault,
                        "expected an endpoint that creates no class instance and looks up no bean; for your own code use"
                                + " <component class> or a route file"))
                .toList();
    }

    /**
     * Returns the URI of a {@code <camel>} element, after the check {@link #fault}.
     *
     * @throws IllegalArgumentException when the URI has a fault
     */
    static String require(Settings camel) {
        String uri = camel.require("uri");
        fault(uri).ifPresent(fault -> {
            throw new IllegalArgumentException(camel.originOf("uri") + ": <camel> uri: " + fault);
        });
        return uri;
    }

    /**
     * Creates the endpoint. Checks the class of its component first, because a forbidden component may have another scheme here.
     *
     * @throws ResolveEndpointFailedException when the component is forbidden, or the endpoint cannot be created
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

    /** The fault of a component class whose endpoints create or look up objects; empty for other classes. */
    static Optional<String> fault(Class<?> component) {
        for (Class<?> each = component; each != null; each = each.getSuperclass()) {
            String name = each.getName();
            if (name.startsWith("org.apache.camel.component.bean")
                    || name.startsWith("org.apache.camel.component.ref.")
                    || name.startsWith("org.apache.camel.component.language.")
                    || name.startsWith("org.apache.camel.component.dataset.")) {
                return Optional.of("its scheme refers to " + name + ", which creates or looks up objects");
            }
        }
        return Optional.empty();
    }

    /** Describes what in the URI would create or look up an object, with the name of the option if known; empty when there is nothing. */
    static Optional<String> fault(String uri) {
        return faultInAnyForm(uri).map(fault -> OPTION.matcher(uri)
                .results()
                .flatMap(option ->
                        faultInAnyForm("x:x?o=" + option.group(2))
                                .map(own -> "option " + option.group(1) + " " + own)
                                .stream())
                .findFirst()
                .orElse(fault));
    }

    private static Optional<String> faultInAnyForm(String uri) {
        if (uri.contains("{{")) {
            return Optional.of("contains a placeholder that Camel would resolve after the check");
        }
        List<String> forms = forms(uri);
        if (forms.size() > MAX_ROUNDS + 1) {
            return Optional.of("is percent-encoded more than " + MAX_ROUNDS
                    + " times; write it with at most one level of percent-encoding");
        }
        for (String form : forms) {
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
            return Optional.of("contains #" + function.group(1));
        }
        if (REFERENCE.matcher(form).find() || PATH_REFERENCE.matcher(form).find()) {
            return Optional.of(
                    "has a value that starts with #, which Camel treats as the name of a bean; choose a value without a"
                            + " leading #");
        }
        if (form.contains("{{")) {
            return Optional.of("contains a placeholder that Camel would resolve after the check");
        }
        Matcher expression = EXPRESSION.matcher(form);
        while (expression.find()) {
            if (!HARMLESS_EXPRESSION
                    .matcher(form)
                    .region(expression.start(), form.length())
                    .lookingAt()) {
                return Optional.of(
                        "contains an expression that may call methods; only dates, headers, ids, file names and the"
                                + " body are allowed");
            }
        }
        return Optional.empty();
    }

    /**
     * The URI as written and after each round of percent-decoding, in lower case. If {@link #MAX_ROUNDS} rounds are not enough, the list
     * has more than {@code MAX_ROUNDS + 1} forms.
     */
    private static List<String> forms(String uri) {
        List<String> forms = new ArrayList<>();
        String form = uri;
        for (int round = 0; round <= MAX_ROUNDS; round++) {
            forms.add(form.toLowerCase(Locale.ROOT));
            String decoded = decode(form);
            if (decoded.equals(form)) {
                return forms;
            }
            form = decoded;
        }
        forms.add(form);
        return forms;
    }

    /** Decodes well-formed escapes, and leaves the rest unchanged. */
    private static String decode(String text) {
        Matcher escapes = Pattern.compile("(?:%[0-9a-fA-F]{2})+").matcher(text);
        return escapes.replaceAll(
                escape -> Matcher.quoteReplacement(URLDecoder.decode(escape.group(), StandardCharsets.UTF_8)));
    }
}
