package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceReader;
import io.sendport.migration.source.UnreadableException;
import java.util.Locale;
import java.util.Optional;

/** A {@code PrimaryTransport} or {@code SecondaryTransport}. */
record Transport(Node node) {

    /** The path of its settings in reports. */
    static final String PROPS = "TransportTypeData/CustomProps/";

    private static final String SMTP_CLASS = "8f36b311-b670-4cf6-aaec-04ebb80ed48d";

    static Optional<Transport> of(Node port, String which) {
        return port.child(which)
                .filter(node -> !node.isNil())
                .map(Transport::new)
                .filter(Transport::isReal);
    }

    /** Almost every port has an empty secondary transport, which counts as none. */
    private boolean isReal() {
        return !type().isEmpty() || node.text("Address").isPresent();
    }

    String type() {
        return node.child("TransportType")
                .filter(each -> !each.isNil())
                .flatMap(each -> each.attribute("Name"))
                .orElse("");
    }

    boolean isSmtp() {
        return type().equalsIgnoreCase("SMTP")
                || node.child("TransportType")
                        .flatMap(each -> each.attribute("ConfigurationClsid"))
                        .filter(each -> each.toLowerCase(Locale.ROOT).contains(SMTP_CLASS))
                        .isPresent();
    }

    /** Whether another adapter sends mail. */
    boolean isOtherMail() {
        String type = type().toLowerCase(Locale.ROOT);
        return !isSmtp() && (type.contains("office365 outlook") || type.contains("email") || type.equals("pop3"));
    }

    String address() {
        return node.text("Address").orElse("").strip().replaceFirst("(?i)^mailto:", "");
    }

    /** The element with its properties, for the report. */
    Node props() {
        return node.child("TransportTypeData").orElse(node);
    }

    /** Its settings; {@code file} is the name of its file for reports. */
    CustomProps customProps(String file) throws UnreadableException {
        Optional<Node> data = node.child("TransportTypeData");
        Place place = new Place(file, props(), PROPS);
        if (data.isEmpty()) {
            return new CustomProps(Optional.empty(), place);
        }
        boolean direct = data.get().children().size() > 1
                || (!data.get().children().isEmpty()
                        && data.get().child("CustomProps").isEmpty());
        return new CustomProps(direct ? data : SourceReader.inner(data.get()), place);
    }

    /** The host that runs it, if the file names it; files of old versions do not. */
    Optional<String> host() {
        return node.child("SendHandler").filter(each -> !each.isNil()).flatMap(each -> each.attribute("Name"));
    }
}
