package io.sendport.host.box;

import io.sendport.host.box.json.ContextJson;
import io.sendport.host.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.Query;

/**
 * Finds addresses in the properties that messages brought, such as the recipient of a message for a dynamic port. No index has them, so
 * all messages are looked at.
 */
final class BroughtAddresses {

    private static final int PAGE = 1_000;

    private final Store store;

    BroughtAddresses(Store store) {
        this.store = store;
    }

    private record Page(List<String> messages, OptionalLong last) {}

    /** The ids of the messages with a property that has one of these addresses, alone or in a longer text. */
    List<String> messages(List<String> addresses) {
        List<String> found = new ArrayList<>();
        OptionalLong after = OptionalLong.of(-1);
        while (after.isPresent()) {
            Page page = page(addresses, after.getAsLong());
            found.addAll(page.messages());
            after = page.last();
        }
        return found;
    }

    private Page page(List<String> addresses, long after) {
        List<Pattern> patterns = addresses.stream().map(BroughtAddresses::whole).toList();
        return store.read(handle -> {
            Query query = handle.createQuery("SELECT seq, id, context FROM message WHERE seq > ? AND ("
                    + String.join(
                            " OR ",
                            addresses.stream()
                                    .map(each -> "lower(context) LIKE ? ESCAPE '!'")
                                    .toList())
                    + ") ORDER BY seq LIMIT " + PAGE);
            query.bind(0, after);
            for (int i = 0; i < addresses.size(); i++) {
                query.bind(i + 1, MessageFilter.containing(addresses.get(i).toLowerCase(Locale.ROOT)));
            }
            List<String> found = new ArrayList<>();
            long[] last = {-1};
            query.map((row, context) -> {
                        last[0] = row.getLong("seq");
                        boolean isNamed = ContextJson.read(row.getString("context")).asMap().values().stream()
                                .anyMatch(
                                        value -> patterns.stream().anyMatch(each -> each.matcher(String.valueOf(value))
                                                .find()));
                        return isNamed && found.add(row.getString("id"));
                    })
                    .list();
            return new Page(found, last[0] < 0 ? OptionalLong.empty() : OptionalLong.of(last[0]));
        });
    }

    /** The address, but not as a part of a longer one. */
    private static Pattern whole(String address) {
        return Pattern.compile(
                "(?<![\\w.+%-])" + Pattern.quote(address) + "(?![\\w-]|\\.\\w)",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
