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
 * Decides how much the private parts of a host's records disclose. It can replace recipient addresses and subjects by pseudonyms. The
 * same text always has the same pseudonym, so a person with the key can still search for it.
 *
 * @param subject replaces a subject; null omits the subject
 * @param recipient replaces an address
 * @param isPlain whether private parts are recorded unchanged
 */
public record Disclosure(@Nullable UnaryOperator<String> subject, UnaryOperator<String> recipient, boolean isPlain) {

    /** Discloses everything. */
    public static final Disclosure PLAIN = new Disclosure(text -> text, text -> text, true);

    /** Fields that remain unchanged: they name no recipient, or people search them in plain text. */
    private static final Set<String> UNTOUCHED =
            Set.of("mimeMessageId", "queueId", "sender", "actor", "relay", "tls", "auth", "properties");

    /** Returns the fields of a private part as they are recorded. */
    public Map<String, Object> of(Map<String, Object> privatePart) {
        if (isPlain) {
            return privatePart;
        }
        Map<String, Object> disclosed = new TreeMap<>();
        privatePart.forEach((name, value) -> {
            if (name.equals("subject")) {
                UnaryOperator<String> replacement = subject;
                if (replacement != null) {
                    disclosed.put(name, replacement.apply(String.valueOf(value)));
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
