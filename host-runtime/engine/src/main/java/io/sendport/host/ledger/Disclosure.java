package io.sendport.host.ledger;

import io.sendport.support.text.MailAddresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How much of a message the private parts of a host's records disclose. Recipient addresses and subjects can be replaced by
 * pseudonyms. A text always gets the same pseudonym, so a person with the key can still search for it.
 *
 * @param subject replaces a subject; null omits it
 * @param recipient replaces an address
 */
public record Disclosure(@Nullable UnaryOperator<String> subject, UnaryOperator<String> recipient, boolean isPlain) {

    /** Discloses everything. */
    public static final Disclosure PLAIN = new Disclosure(text -> text, text -> text, true);

    /** Fields that name no recipient, or are searched in plain text. */
    private static final Set<String> UNTOUCHED =
            Set.of("mimeMessageId", "queueId", "sender", "actor", "relay", "tls", "auth", "properties");

    /** The private part as recorded. */
    public Map<String, Object> of(Map<String, Object> secret) {
        if (isPlain) {
            return secret;
        }
        Map<String, Object> disclosed = new TreeMap<>();
        secret.forEach((name, value) -> {
            if (name.equals("subject")) {
                UnaryOperator<String> shown = subject;
                if (shown != null) {
                    disclosed.put(name, shown.apply(String.valueOf(value)));
                }
            } else {
                disclosed.put(name, UNTOUCHED.contains(name) ? value : disclosed(value));
            }
        });
        return disclosed;
    }

    private Object disclosed(Object value) {
        if (value instanceof String text) {
            return MailAddresses.replaced(text, recipient);
        }
        if (value instanceof List<?> list) {
            List<Object> each = new ArrayList<>();
            list.forEach(item -> each.add(disclosed(item)));
            return each;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> each = new TreeMap<>();
            map.forEach((name, item) -> each.put(
                    String.valueOf(name),
                    "address".equals(name) ? recipient.apply(String.valueOf(item)) : disclosed((Object) item)));
            return each;
        }
        return value;
    }
}
