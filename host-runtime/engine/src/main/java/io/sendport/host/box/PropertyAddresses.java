package io.sendport.host.box;

import io.sendport.host.box.json.ContextJson;
import io.sendport.host.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Finds addresses in the properties of submitted messages, such as the recipient of a message for a dynamic port. No index has the
 * properties, so this reads all messages.
 */
final class PropertyAddresses {

    /** The number of messages that a query reads. */
    private static final long RANGE = 20_000;

    private final Store store;

    PropertyAddresses(Store store) {
        this.store = store;
    }

    /** The ids of the messages with a property that contains one of these addresses. */
    List<String> messages(List<String> addresses) {
        List<Pattern> patterns =
                addresses.stream().map(PropertyAddresses::whole).toList();
        long newest = store.read(handle -> handle.createQuery("SELECT coalesce(max(seq), 0) FROM message")
                .mapTo(Long.class)
                .one());
        List<String> found = new ArrayList<>();
        for (long from = 0; from <= newest; from += RANGE) {
            long first = from;
            found.addAll(store.read(handle -> between(handle, first, addresses, patterns)));
        }
        return found;
    }

    private static List<String> between(Handle handle, long from, List<String> addresses, List<Pattern> patterns) {
        // The database ignores the case of ASCII letters only. The column has quotes and backslashes in JSON escapes.
        boolean isPlain =
                addresses.stream().allMatch(each -> each.chars().allMatch(c -> c < 0x80 && c != '"' && c != '\\'));
        String condition = isPlain
                ? addresses.stream()
                        .map(each -> "lower(context) LIKE ? ESCAPE '!'")
                        .collect(Collectors.joining(" OR ", " AND (", ")"))
                : "";
        Query query = handle.createQuery(
                "SELECT id, context FROM message WHERE seq >= ? AND seq < ?" + condition + " ORDER BY seq");
        query.bind(0, from);
        query.bind(1, from + RANGE);
        for (int i = 0; isPlain && i < addresses.size(); i++) {
            query.bind(i + 2, MessageFilter.containing(addresses.get(i).toLowerCase(Locale.ROOT)));
        }
        List<String> found = new ArrayList<>();
        query.map((row, context) -> isNamed(row.getString("context"), patterns) && found.add(row.getString("id")))
                .list();
        return found;
    }

    private static boolean isNamed(String context, List<Pattern> patterns) {
        return ContextJson.read(context).asMap().values().stream().anyMatch(value -> patterns.stream()
                .anyMatch(each -> each.matcher(String.valueOf(value)).find()));
    }

    /** Matches the address, but not as part of a longer address. */
    private static Pattern whole(String address) {
        return Pattern.compile(
                "(?<![\\w.+%/-])(?<!\\w')" + Pattern.quote(address) + "(?![\\w-]|\\.\\w)",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
    }
}
