package io.sendport.console.pages;

import io.sendport.console.api.CallerView;
import io.sendport.console.http.Call;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A search: the parameters of the page's address, so that users can bookmark the address and send it to a colleague.
 *
 * @param fields the non-empty parameters with their values, in the order of the address
 */
public record Filter(Map<String, List<String>> fields) {

    /** The parameter with which a page shows figures that may take seconds; without it, the page loads them afterwards. */
    static final String FIGURES = "figures";

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

    /** The value of a parameter, several values separated by commas; empty when the parameter is absent. */
    public String value(String name) {
        return String.join(",", fields.getOrDefault(name, List.of()));
    }

    /** Whether the filter narrows a list of messages. */
    public boolean isSearch() {
        return has(CallerView.MESSAGE_FILTERS);
    }

    /** A copy without one of the parameters. */
    public Filter without(String name) {
        Map<String, List<String>> left = new LinkedHashMap<>(fields);
        left.remove(name);
        return new Filter(left);
    }

    /** A copy with this value for a parameter. */
    public Filter with(String name, String value) {
        return with(name, List.of(value));
    }

    /** A copy with these values for a parameter. */
    Filter with(String name, List<String> values) {
        Map<String, List<String>> more = new LinkedHashMap<>(fields);
        more.put(name, values);
        return new Filter(more);
    }

    /** Whether one of these parameters is present. */
    boolean has(Set<String> names) {
        return fields.keySet().stream().anyMatch(names::contains);
    }

    /** The filter as parameters of an address, with {@code begin} before the first; empty when there are none. */
    public String parameters(String begin) {
        List<String> parameters = new ArrayList<>();
        fields.forEach((name, values) ->
                values.forEach(value -> parameters.add(Links.encoded(name) + "=" + Links.encoded(value))));
        return parameters.isEmpty() ? "" : begin + String.join("&", parameters);
    }
}
