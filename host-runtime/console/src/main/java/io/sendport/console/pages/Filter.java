package io.sendport.console.pages;

import io.sendport.console.api.Looks;
import io.sendport.console.http.Call;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a reader searches for: the parameters of the page's address, so that the address can be kept and sent to a colleague.
 *
 * @param fields each with its values, in the order of the address; without empty ones
 */
public record Filter(Map<String, List<String>> fields) {

    /** Copies the map. */
    public Filter {
        fields = new LinkedHashMap<>(fields);
    }

    static Filter of(Call call) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        call.queryNames().stream()
                .filter(name -> !call.queries(name).isEmpty())
                .forEach(name -> fields.put(name, call.queries(name)));
        return new Filter(fields);
    }

    /** What was given for a parameter, several values divided by commas; empty where nothing was. */
    public String value(String name) {
        return String.join(",", fields.getOrDefault(name, List.of()));
    }

    /** Whether it narrows a list of messages. */
    public boolean isSearch() {
        return fields.keySet().stream().anyMatch(Looks.MESSAGE_FILTERS::contains);
    }

    /** Without one of the parameters. */
    public Filter without(String name) {
        Map<String, List<String>> left = new LinkedHashMap<>(fields);
        left.remove(name);
        return new Filter(left);
    }

    /** With one more parameter, or another value of it. */
    public Filter with(String name, String value) {
        Map<String, List<String>> more = new LinkedHashMap<>(fields);
        more.put(name, List.of(value));
        return new Filter(more);
    }

    /** As parameters of an address, {@code begin} before the first of them; empty where there are none. */
    public String parameters(String begin) {
        List<String> parameters = new ArrayList<>();
        fields.forEach((name, values) ->
                values.forEach(value -> parameters.add(Links.encoded(name) + "=" + Links.encoded(value))));
        return parameters.isEmpty() ? "" : begin + String.join("&", parameters);
    }
}
