package io.sendport.console.pages;

import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.PropertyText;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a form that a browser sent. Empty fields count as absent. */
final class Form {

    private static final int MAX_BYTES = 2 * 1024 * 1024;

    private final Map<String, List<String>> fields;

    private Form(Map<String, List<String>> fields) {
        this.fields = fields;
    }

    /** Reads the body of {@code call}, which is {@code application/x-www-form-urlencoded}. */
    static Form of(Call call) throws IOException {
        String body = new String(call.body(MAX_BYTES), StandardCharsets.US_ASCII);
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (String each : body.split("&")) {
            int equals = each.indexOf('=');
            if (equals > 0 && equals < each.length() - 1) {
                fields.computeIfAbsent(decoded(each.substring(0, equals)), name -> new ArrayList<>())
                        .add(decoded(each.substring(equals + 1)));
            }
        }
        return new Form(fields);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.Type.VALIDATION, "the form is not valid application/x-www-form-urlencoded");
        }
    }

    Optional<String> text(String name) {
        return all(name).stream().findFirst();
    }

    List<String> all(String name) {
        return fields.getOrDefault(name, List.of());
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /**
     * The properties in the field {@code properties}, one on each line.
     *
     * @throws ProblemException when a line is not {@code NAME=VALUE}
     */
    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        text("properties").ifPresent(text -> text.lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> PropertyText.put(properties, line.stripLeading())));
        return properties;
    }

    /** The fields with one of {@code names}, as parameters of a request. */
    Map<String, List<String>> query(Collection<String> names) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        names.stream().filter(this::has).forEach(name -> query.put(name, all(name)));
        return query;
    }
}
