package io.sendport.migration.biztalk;

import io.sendport.api.mail.AddressTemplate;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.Node;
import io.sendport.migration.write.Element;
import io.sendport.migration.write.Macros;
import io.sendport.migration.write.Names;
import io.sendport.support.FileName;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Maps what a port sends: addresses, subject, body and attachments. */
final class MailMapping {

    private static final Pattern WORDS = Pattern.compile("[,;]");

    private final ImportContext.Port port;
    private final Transport transport;
    private final CustomProps props;
    private final Optional<CustomProps> handler;
    private final Node at;

    MailMapping(ImportContext context, ImportContext.Port port, Transport transport, CustomProps props) {
        this.port = port;
        this.transport = transport;
        this.props = props;
        this.handler = Optional.ofNullable(context.handlers.get(port.host.source));
        this.at = transport.props();
    }

    /** The resulting {@code <mail>}. */
    Element mail(boolean encoded) {
        Element mail = new Element("mail");
        from(mail);
        recipients(mail);
        props.text("CC").ifPresent(cc -> addresses(mail, "cc", cc, props.place("CC")));
        subject(mail);
        if (props.flag("ReadReceipt")) {
            mail.set("readReceipt", "true");
            port.exact(props.place("ReadReceipt"), "true", "readReceipt");
        }
        if (props.flag("DeliveryReceipt")) {
            mail.set("deliveryReceipt", "success");
            port.report(
                    Rule.BT_RECEIPT,
                    props.place("DeliveryReceipt"),
                    "true",
                    "deliveryReceipt=\"success\"",
                    "BizTalk asks with a header field; Sendport asks the server",
                    "");
        }
        content(mail, encoded);
        for (Node each : props.unknown()) {
            port.report(
                    Rule.BT_UNKNOWN,
                    props.place(each.name()),
                    each.text(),
                    "",
                    "is not a known setting of the SMTP adapter",
                    "");
        }
        return mail;
    }

    /** A port without the property has BizTalk's default, which is Sendport's too; one with an empty subject has none. */
    private void subject(Element mail) {
        Optional<String> given = props.text("Subject");
        if (given.isEmpty() && props.has("Subject")) {
            mail.set("subject", "");
            port.exact(props.place("Subject"), "", "subject");
        }
        given.ifPresent(subject -> {
            port.set(mail, "subject", Macros.keeping(subject, Macros.OF_A_SUBJECT), props.place("Subject"));
            for (String each : Macros.OF_THE_MESSAGE) {
                if (subject.contains("%" + each + "%")) {
                    bring(each);
                    port.report(
                            Rule.BT_MACRO,
                            props.place("Subject"),
                            subject,
                            "subject with %" + each + "%",
                            "without a value, BizTalk sends the macro as text, and Sendport suspends the message",
                            each.equals(Macros.FILE_NAME)
                                    ? "submit a file, or use --name"
                                    : "submit with --set " + each + "=VALUE");
                }
            }
        });
    }

    /** Notes that the submitter must give a property; a file that is submitted has its name. */
    private void bring(String macro) {
        if (!macro.equals(Macros.FILE_NAME)) {
            port.properties.add(macro);
        }
    }

    private void from(Element mail) {
        Optional<String> from = props.text("From").or(() -> handler.flatMap(each -> each.text("From")));
        if (from.isEmpty()) {
            String property = Names.property(port.host.name, "mail.from");
            port.host.mail.set("from", "{{" + property + "}}");
            port.todo(Todo.Kind.PROPERTY, property, "the sender of handler " + port.host.source);
            port.report(
                    Rule.BT_FROM_HANDLER,
                    props.place("From"),
                    "",
                    "{{" + property + "}}",
                    "the handler has it",
                    "export the handlers: docs/migrating.md");
            return;
        }
        if (props.text("From").isEmpty()) {
            addresses(port.host.mail, "from", from.get(), handler.get().place("From"));
            return;
        }
        List<String> several = split(from.get());
        if (several.size() > 1) {
            port.report(
                    Rule.BT_FROM_SEVERAL,
                    props.place("From"),
                    from.get(),
                    several.get(0),
                    "Sendport allows one sender per mail",
                    "");
        }
        addresses(mail, "from", several.isEmpty() ? from.get() : several.get(0), props.place("From"));
    }

    private static List<String> split(String addresses) {
        List<String> all = new ArrayList<>();
        for (String each : WORDS.split(addresses)) {
            if (!each.isBlank()) {
                all.add(each.strip());
            }
        }
        return all;
    }

    private void recipients(Element mail) {
        String address = transport.address();
        Optional<String> to = props.text("To").or(() -> Optional.of(address).filter(given -> !given.isEmpty()));
        if (to.isEmpty()) {
            mail.set(
                    "to",
                    port.property(
                            Rule.BT_TO_MISSING, props.place("To"), "to", "", "the recipients of port " + port.source));
            return;
        }
        if (props.text("To").isPresent()
                && !address.isEmpty()
                && !split(address).equals(split(to.get()))) {
            port.report(Rule.BT_ADDRESS_DIFFERS, at, "Address", address, to.get(), "To is used", "");
        }
        addresses(mail, "to", to.get(), props.place("To"));
    }

    private void addresses(Element mail, String attribute, String given, Place place) {
        Set<String> known = attribute.equals("from") ? Set.of() : Macros.OF_RECIPIENTS;
        String kept = Macros.keeping(given.strip(), known);
        if (given.contains("{{") || given.contains("${")) {
            port.set(mail, attribute, kept, place);
            return;
        }
        try {
            AddressTemplate.parseList(kept);
        } catch (IllegalArgumentException e) {
            mail.set(
                    attribute,
                    port.property(Rule.BT_ADDRESS, place, attribute, given, "is not an address: " + e.getMessage()));
            return;
        }
        port.set(mail, attribute, kept, place);
        if (kept.contains("%DestinationParty%")) {
            bring("DestinationParty");
            mail.set("domains", "*");
            port.report(
                    Rule.BT_PARTY,
                    place,
                    given,
                    "domains=\"*\"",
                    "a message may choose any domain, as in BizTalk; nothing in Sendport sets DestinationParty",
                    "list the domains of the partners, and submit with --set DestinationParty=ADDRESS");
        }
    }

    private void content(Element mail, boolean encoded) {
        Optional<String> text = props.text("EmailBodyText");
        Optional<String> file = props.text("EmailBodyFile");
        int parts = props.number("MessagePartsAttachments").orElse(0);
        if (encoded) {
            for (String each : List.of("EmailBodyText", "EmailBodyFile", "Attachments")) {
                props.text(each)
                        .ifPresent(value -> port.report(
                                Rule.BT_ENCODER_IGNORES,
                                props.place(each),
                                value,
                                "",
                                "the pipeline's encoder makes the whole mail, so BizTalk ignores this",
                                ""));
            }
            mail.add("attach").set("parts", "all");
            return;
        }
        text.ifPresent(given -> body(mail, given));
        if (text.isPresent() && file.isPresent()) {
            port.report(
                    Rule.BT_BODY_FILE_UNUSED,
                    props.place("EmailBodyFile"),
                    file.get(),
                    "",
                    "the text takes precedence",
                    "");
        }
        if (text.isEmpty()) {
            file.ifPresent(given -> bodyFile(mail, given));
        }
        boolean hasBody = text.isPresent() || file.isPresent();
        if (parts == 2 || (parts == 1 && hasBody)) {
            mail.add("attach").set("parts", parts == 1 ? "body" : "all");
        } else if (hasBody) {
            port.report(
                    Rule.BT_BODY_REPLACES,
                    props.place("MessagePartsAttachments"),
                    String.valueOf(parts),
                    "<body>",
                    "the message itself is not sent, as in BizTalk",
                    "to send it: <attach parts=\"body\"/>");
        }
        if (props.has("MessagePartsAttachments")) {
            port.exact(props.place("MessagePartsAttachments"), String.valueOf(parts), "attach");
        }
        props.text("Attachments").ifPresent(given -> attachments(mail, given));
    }

    private void body(Element mail, String given) {
        Element body = mail.add("body");
        charset(body, "EmailBodyTextCharset");
        String text = Macros.none(given.replace("\r\n", "\n").replace('\r', '\n'));
        boolean asAttribute = !text.contains("\n")
                || text.startsWith("\n")
                || text.endsWith("\n")
                || text.lines().filter(line -> !line.isBlank()).allMatch(line -> Character.isWhitespace(line.charAt(0)))
                || text.lines().anyMatch(line -> line.endsWith(" "));
        if (text.contains("${")) {
            body.set(
                    "text",
                    port.property(
                            Rule.BT_TEMPLATE,
                            props.place("EmailBodyText"),
                            "body",
                            given,
                            "a deployment tool fills in " + given));
        } else if (text.contains("{{") && !asAttribute) {
            body.content(text);
            port.exact(props.place("EmailBodyText"), given, "body");
        } else if (asAttribute) {
            if (text.contains("{{") && !text.contains("\n")) {
                body.content(text);
                port.exact(props.place("EmailBodyText"), given, "body");
            } else {
                port.set(body, "text", text, props.place("EmailBodyText"));
            }
        } else {
            body.content(text);
            port.exact(props.place("EmailBodyText"), given, "body");
        }
    }

    private void bodyFile(Element mail, String given) {
        String path = port.importedFile(given);
        Element body = mail.add("body");
        body.set("file", path);
        charset(body, "EmailBodyFileCharset");
        port.todo(
                Todo.Kind.FILE,
                path,
                "copy " + given + " there, and double each % in it, because %Name% is a macro in Sendport");
        port.report(
                Rule.BT_BODY_FILE,
                props.place("EmailBodyFile"),
                given,
                "<body file=\"" + path + "\">",
                "copy it there",
                "");
    }

    private void charset(Element body, String property) {
        props.text(property).ifPresent(given -> {
            boolean known;
            try {
                known = Charset.isSupported(given.strip());
            } catch (IllegalArgumentException e) {
                known = false;
            }
            if (known) {
                body.set("charset", given.strip());
                port.exact(props.place(property), given, "charset");
            } else {
                body.set("charset", "utf-8");
                port.report(Rule.BT_CHARSET, props.place(property), given, "charset=\"utf-8\"", "", "");
            }
        });
    }

    private void attachments(Element mail, String given) {
        for (String each : files(given)) {
            String path = port.importedFile(each);
            Element attach = mail.add("attach").set("file", path).set("missing", "suspend");
            String own = FileName.of(each);
            if (!path.endsWith("/" + own)) {
                port.set(attach, "name", Macros.none(own), props.place("Attachments"));
            }
            port.todo(Todo.Kind.FILE, path, "copy " + each + " there");
            port.report(
                    Rule.BT_ATTACHMENT,
                    props.place("Attachments"),
                    each,
                    "<attach file=\"" + path + "\">",
                    "copy it there",
                    "");
        }
    }

    /** Separators are not documented: a bar and line ends, and a semicolon where every piece looks like a path. */
    private static List<String> files(String given) {
        List<String> pieces = new ArrayList<>();
        for (String each : Pattern.compile("[|\r\n]+").split(given)) {
            String[] parts = Pattern.compile(";").split(each);
            boolean paths = parts.length > 1;
            for (String part : parts) {
                paths &= part.strip().matches("(?:[A-Za-z]:[\\\\/]|\\\\\\\\|/).+");
            }
            for (String piece : paths ? parts : new String[] {each}) {
                if (!piece.isBlank()) {
                    pieces.add(piece.strip());
                }
            }
        }
        return pieces;
    }
}
