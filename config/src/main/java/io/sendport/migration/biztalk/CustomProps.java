package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The {@code CustomProps} of an SMTP port or handler. Names are case-insensitive; an empty or nil value counts as absent. */
final class CustomProps {

    static final Set<String> NAMES = Set.of(
            "to",
            "cc",
            "from",
            "smtphost",
            "smtpauthenticate",
            "username",
            "password",
            "subject",
            "readreceipt",
            "deliveryreceipt",
            "emailbodytext",
            "emailbodytextcharset",
            "emailbodyfile",
            "emailbodyfilecharset",
            "messagepartsattachments",
            "attachments");

    private final Optional<Node> props;
    private final Place place;

    /**
     * @param props the element with the properties; empty when there is none
     * @param place the position of the properties, for reports; its path is the prefix of the names of properties
     */
    CustomProps(Optional<Node> props, Place place) {
        this.props = props;
        this.place = place;
    }

    /** The position of a property, for reports. */
    Place place(String name) {
        return new Place(place.file(), place.at(), place.path() + name);
    }

    Optional<String> text(String name) {
        return props.flatMap(each -> each.text(name));
    }

    /** Whether the property is present, even if empty. */
    boolean has(String name) {
        return props.flatMap(each -> each.child(name)).isPresent();
    }

    boolean flag(String name) {
        return text(name)
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .filter(value -> value.equals("-1") || value.equals("1") || value.equals("true"))
                .isPresent();
    }

    OptionalInt number(String name) {
        return text(name)
                .map(String::strip)
                .filter(value -> value.matches("-?\\d{1,9}"))
                .map(value -> OptionalInt.of(Integer.parseInt(value)))
                .orElse(OptionalInt.empty());
    }

    /** The properties that are not known. */
    List<Node> unknown() {
        return props.map(Node::children).orElse(List.of()).stream()
                .filter(each -> !NAMES.contains(each.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    List<Node> all() {
        return props.map(Node::children).orElse(List.of());
    }
}
