package io.sendport.api.mail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Header fields in their order.
 *
 * @param fields the fields; a name may occur more than once
 */
public record HeaderFields(List<HeaderField> fields) {

    private static final HeaderFields NONE = new HeaderFields(List.of());

    /** Copies the list. */
    public HeaderFields {
        fields = List.copyOf(fields);
    }

    /** No fields. */
    public static HeaderFields none() {
        return NONE;
    }

    /** These fields and one more at the end. */
    public HeaderFields plus(String name, String value) {
        List<HeaderField> more = new ArrayList<>(fields);
        more.add(new HeaderField(name, value));
        return new HeaderFields(more);
    }

    /** These fields followed by {@code others}. */
    public HeaderFields plus(HeaderFields others) {
        List<HeaderField> more = new ArrayList<>(fields);
        more.addAll(others.fields);
        return new HeaderFields(more);
    }

    /** One more field, followed by these. */
    public HeaderFields after(HeaderField first) {
        List<HeaderField> more = new ArrayList<>(List.of(first));
        more.addAll(fields);
        return new HeaderFields(more);
    }

    /** Only the fields whose name {@code names} accepts. */
    public HeaderFields only(Predicate<String> names) {
        return new HeaderFields(
                fields.stream().filter(field -> names.test(field.name())).toList());
    }

    /** The first value of {@code name}, ignoring case. */
    public Optional<String> first(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(HeaderField::value)
                .findFirst();
    }

    /** The names, in order. */
    public List<String> names() {
        return fields.stream().map(HeaderField::name).toList();
    }

    /** Writes the fields as on the wire, each ended by CRLF, without the empty line after them. */
    public void writeTo(OutputStream out) throws IOException {
        for (HeaderField field : fields) {
            out.write(field.folded().getBytes(StandardCharsets.UTF_8));
        }
    }
}
