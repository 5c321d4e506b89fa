package io.sendport.migration.biztalk;

import io.sendport.api.mail.AddressTemplate;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.Node;
import io.sendport.migration.write.Element;
import io.sendport.migration.write.Macros;
import io.sendport.migration.write.Names;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The properties of the SMTP adapter, for one port. */
final class SmtpMapping {

    private static final String PROPS = "TransportTypeData/CustomProps/";
    private static final Pattern LOOPBACK = Pattern.compile("(?i)localhost|127\\..*|::1|\\[::1]");
    private static final Pattern WORDS = Pattern.compile("[,;]");

    private final Run.Port port;
    private final Transport transport;
    private final Bag bag;
    private final Optional<Bag> handler;
    private final Node at;

    SmtpMapping(Run run, Run.Port port, Transport transport, Bag bag) {
        this.port = port;
        this.transport = transport;
        this.bag = bag;
        this.handler = Optional.ofNullable(run.handlers.get(port.host.source));
        this.at = transport.node().child("TransportTypeData").orElse(transport.node());
    }

    /** Where and how: {@code <smtp>}, empty where the host says it all. */
    Element smtp() {
        Element smtp = new Element("smtp");
        Optional<String> server = bag.text("SMTPHost").map(String::strip);
        Optional<Integer> auth = auth(bag);
        clearPassword(bag);
        if (server.isEmpty()) {
            ofTheHandler();
            if (auth.isEmpty()) {
                userOf(bag);
                return smtp;
            }
        }
        server.ifPresent(given -> server(smtp, given));
        boolean local = server.filter(
                        given -> LOOPBACK.matcher(smtp.get("host").orElse("")).matches())
                .isPresent();
        if (auth.isEmpty() && handler.isPresent()) {
            userOf(bag);
            logOn(smtp, auth(handler.get()).orElse(2), handler.get(), local);
        } else if (auth.isEmpty()) {
            userOf(bag);
            askForAuth(smtp);
        } else {
            logOn(smtp, auth.get(), bag, local);
        }
        return smtp;
    }

    /** Whoever logs on is the handler's to say; the port's account is told of, for the one who answers. */
    private void userOf(Bag account) {
        account.text("Username")
                .ifPresent(user -> port.tell(
                        Rule.BT_USER_UNUSED,
                        at,
                        PROPS + "Username",
                        user,
                        "",
                        "SMTPAuthenticate is the handler's",
                        "if that is 1: user and password of the port"));
    }

    private static Optional<Integer> auth(Bag of) {
        return of.number("SMTPAuthenticate").isPresent()
                        && of.number("SMTPAuthenticate").getAsInt() >= 0
                        && of.number("SMTPAuthenticate").getAsInt() <= 2
                ? Optional.of(of.number("SMTPAuthenticate").getAsInt())
                : Optional.empty();
    }

    private void server(Element smtp, String given) {
        int colon = given.indexOf(':');
        boolean withPort = colon > 0
                && given.indexOf(':', colon + 1) < 0
                && given.substring(colon + 1).matches("\\d{1,5}")
                && Integer.parseInt(given.substring(colon + 1)) <= 65_535;
        String host = withPort ? given.substring(0, colon) : given;
        if (host.equals(".")) {
            host = "localhost";
        }
        port.set(smtp, "host", host, at, PROPS + "SMTPHost");
        smtp.set("port", withPort ? given.substring(colon + 1) : "25");
    }

    private void logOn(Element smtp, int auth, Bag account, boolean local) {
        if (auth != 1 && account.text("Username").isPresent()) {
            port.tell(
                    Rule.BT_USER_UNUSED,
                    at,
                    PROPS + "Username",
                    account.text("Username").orElse(""),
                    "",
                    "SMTPAuthenticate is " + auth,
                    "");
        }
        if (account != bag) {
            clearPassword(account);
        }
        String was = "SMTPAuthenticate " + auth;
        if (auth == 0) {
            smtp.set("auth", "none").set("tls", "opportunistic");
            port.tell(
                    Rule.BT_TLS,
                    at,
                    PROPS + "SMTPAuthenticate",
                    "0",
                    "tls=\"opportunistic\"",
                    "clear text as before where the server offers no TLS",
                    "");
            return;
        }
        String kind = auth == 1 ? "basic" : "ntlm";
        smtp.set("auth", kind);
        if (local) {
            smtp.set("tls", "none").set("allowClearText", "true");
        } else {
            smtp.set("tls", "required");
        }
        port.tell(
                Rule.BT_TLS,
                at,
                PROPS + "SMTPAuthenticate",
                was,
                "auth=\"" + kind + "\" tls=\"" + smtp.get("tls").orElse("") + "\"",
                "BizTalk logged on in clear text",
                local
                        ? ""
                        : "to keep that: tls=\"none\" allowClearText=\"true\"; `sendport doctor` tells what the server offers");
        if (auth == 1) {
            credentials(smtp, account);
        } else {
            identity();
        }
    }

    private void credentials(Element smtp, Bag account) {
        String server = smtp.get("host").orElse(port.host.name);
        Optional<String> user = account.text("Username");
        if (user.isPresent()) {
            port.set(smtp, "user", user.get(), at, PROPS + "Username");
        } else {
            smtp.set("user", port.variable(server, "USER", "the account of port " + port.source));
            port.tell(
                    Rule.BT_PASSWORD,
                    at,
                    PROPS + "Username",
                    "",
                    smtp.get("user").orElse(""),
                    "is in no binding",
                    "");
        }
        smtp.set(
                "password",
                port.variable(
                        server + " " + user.orElse(""),
                        "PASSWORD",
                        "the password of " + user.orElse("the account") + " at " + server));
        port.tell(
                Rule.BT_PASSWORD,
                at,
                PROPS + "Password",
                "",
                smtp.get("password").orElse(""),
                "bindings mask it",
                "");
    }

    private void clearPassword(Bag account) {
        account.text("Password")
                .filter(value -> !value.matches("\\*+"))
                .ifPresent(value -> port.tell(
                        Rule.BT_PASSWORD_CLEAR,
                        at,
                        PROPS + "Password",
                        value,
                        "",
                        "a password stands here in clear text",
                        "change it"));
    }

    private void identity() {
        if (port.host.identity.isEmpty()) {
            String host = Names.variable(port.host.name);
            port.host
                    .identity
                    .set("domain", "{{env:" + host + "_DOMAIN}}")
                    .set("user", "{{env:" + host + "_USER}}")
                    .set("password", "{{env:" + host + "_PASSWORD}}");
        }
        for (String what : List.of("DOMAIN", "USER", "PASSWORD")) {
            port.todo(
                    Todo.Kind.ENV,
                    Names.variable(port.host.name) + "_" + what,
                    "the account of host instance " + port.host.source + ": "
                            + what.toLowerCase(java.util.Locale.ROOT));
        }
        port.tell(
                Rule.BT_IDENTITY,
                at,
                PROPS + "SMTPAuthenticate",
                "2",
                "<identity>",
                "the host instance's own account; its password must be known here",
                "a managed service account has no password that anybody knows: take another account, or Kerberos");
    }

    /** The host's {@code <smtp>}, which no binding holds. */
    private void ofTheHandler() {
        Element smtp = port.host.smtp;
        if (handler.isPresent() && handler.get().text("SMTPHost").isPresent()) {
            if (smtp.isEmpty()) {
                server(smtp, handler.get().text("SMTPHost").orElse("").strip());
                logOn(
                        smtp,
                        auth(handler.get()).orElse(2),
                        handler.get(),
                        LOOPBACK.matcher(smtp.get("host").orElse("")).matches());
            }
            return;
        }
        if (smtp.get("host").filter(given -> !given.startsWith("{{")).isPresent()) {
            return;
        }
        String property = Names.property(port.host.name, "smtp.host");
        smtp.set("host", "{{" + property + "}}").set("port", "25");
        port.todo(Todo.Kind.PROPERTY, property, "the server of handler " + port.host.source);
        port.tell(
                Rule.BT_SERVER_HANDLER,
                at,
                PROPS + "SMTPHost",
                "",
                "{{" + property + "}}",
                "the handler has it",
                "export the handlers: docs/migrating.md");
        if (auth(bag).isPresent()) {
            return;
        }
        if (handler.flatMap(SmtpMapping::auth).isPresent()) {
            logOn(smtp, handler.flatMap(SmtpMapping::auth).get(), handler.get(), false);
        } else {
            askForAuth(smtp);
        }
    }

    private void askForAuth(Element smtp) {
        String property = Names.property(port.host.name, "smtp.auth");
        smtp.set("auth", "{{" + property + "}}").set("tls", "required");
        port.todo(
                Todo.Kind.PROPERTY,
                property,
                "none, basic or ntlm, as handler " + port.host.source
                        + " has it; BizTalk's default was NTLM. With none, tls=\"opportunistic\" is as before");
        port.tell(
                Rule.BT_AUTH_HANDLER,
                at,
                PROPS + "SMTPAuthenticate",
                "",
                "auth=\"{{" + property + "}}\" tls=\"required\"",
                "the handler has it",
                "export the handlers: docs/migrating.md");
    }

    /** What is sent: {@code <mail>}. */
    Element mail(boolean encoded) {
        Element mail = new Element("mail");
        from(mail);
        recipients(mail);
        bag.text("CC").ifPresent(cc -> addresses(mail, "cc", cc, PROPS + "CC"));
        bag.text("Subject")
                .ifPresent(subject ->
                        port.set(mail, "subject", Macros.keeping(subject, Macros.OF_A_SUBJECT), at, PROPS + "Subject"));
        if (bag.flag("ReadReceipt")) {
            mail.set("readReceipt", "true");
            port.exact(at, PROPS + "ReadReceipt", "true", "readReceipt");
        }
        if (bag.flag("DeliveryReceipt")) {
            mail.set("deliveryReceipt", "success");
            port.tell(
                    Rule.BT_RECEIPT,
                    at,
                    PROPS + "DeliveryReceipt",
                    "true",
                    "deliveryReceipt=\"success\"",
                    "BizTalk asked with a header, here the server is asked",
                    "");
        }
        content(mail, encoded);
        for (Node each : bag.unknown()) {
            port.tell(
                    Rule.BT_UNKNOWN,
                    at,
                    PROPS + each.name(),
                    each.text(),
                    "",
                    "is no property of the SMTP adapter",
                    "");
        }
        return mail;
    }

    private void from(Element mail) {
        Optional<String> from = bag.text("From").or(() -> handler.flatMap(each -> each.text("From")));
        if (from.isEmpty()) {
            String property = Names.property(port.host.name, "mail.from");
            port.host.mail.set("from", "{{" + property + "}}");
            port.todo(Todo.Kind.PROPERTY, property, "the sender of handler " + port.host.source);
            port.tell(
                    Rule.BT_FROM_HANDLER,
                    at,
                    PROPS + "From",
                    "",
                    "{{" + property + "}}",
                    "the handler has it",
                    "export the handlers: docs/migrating.md");
            return;
        }
        if (bag.text("From").isEmpty()) {
            addresses(port.host.mail, "from", from.get(), "handler " + port.host.source + "/From");
            return;
        }
        List<String> several = split(from.get());
        if (several.size() > 1) {
            port.tell(
                    Rule.BT_FROM_SEVERAL,
                    at,
                    PROPS + "From",
                    from.get(),
                    several.get(0),
                    "a mail has one sender here",
                    "");
        }
        addresses(mail, "from", several.isEmpty() ? from.get() : several.get(0), PROPS + "From");
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
        Optional<String> to = bag.text("To").or(() -> Optional.of(address).filter(given -> !given.isEmpty()));
        if (to.isEmpty()) {
            mail.set(
                    "to",
                    port.property(
                            Rule.BT_TO_MISSING, at, PROPS + "To", "to", "", "the recipients of port " + port.source));
            return;
        }
        if (bag.text("To").isPresent() && !address.isEmpty() && !split(address).equals(split(to.get()))) {
            port.tell(Rule.BT_ADDRESS_DIFFERS, at, "Address", address, to.get(), "To counts", "");
        }
        addresses(mail, "to", to.get(), PROPS + "To");
    }

    private void addresses(Element mail, String attribute, String given, String path) {
        Set<String> known = attribute.equals("from") ? Set.of() : Macros.OF_RECIPIENTS;
        String kept = Macros.keeping(given.strip(), known);
        if (given.contains("{{") || given.contains("${")) {
            port.set(mail, attribute, kept, at, path);
            return;
        }
        try {
            AddressTemplate.parseList(kept);
        } catch (IllegalArgumentException e) {
            mail.set(
                    attribute,
                    port.property(Rule.BT_ADDRESS, at, path, attribute, given, "is no address: " + e.getMessage()));
            return;
        }
        port.set(mail, attribute, kept, at, path);
        if (kept.contains("%DestinationParty%")) {
            mail.set("domains", "*");
            port.tell(
                    Rule.BT_PARTY,
                    at,
                    path,
                    given,
                    "domains=\"*\"",
                    "a message may choose any domain, as in BizTalk",
                    "name the domains that partners have");
        }
    }

    private void content(Element mail, boolean encoded) {
        Optional<String> text = bag.text("EmailBodyText");
        Optional<String> file = bag.text("EmailBodyFile");
        int parts = bag.number("MessagePartsAttachments").orElse(0);
        if (encoded) {
            if (text.isPresent() || file.isPresent() || bag.text("Attachments").isPresent()) {
                port.tell(
                        Rule.BT_ENCODER_IGNORES,
                        at,
                        PROPS + "EmailBodyText",
                        text.or(() -> file).orElse(""),
                        "",
                        "the pipeline's encoder makes the whole mail: ignored by BizTalk",
                        "");
            }
            mail.add("attach").set("parts", "all");
            return;
        }
        text.ifPresent(given -> body(mail, given));
        if (text.isPresent() && file.isPresent()) {
            port.tell(Rule.BT_BODY_FILE_UNUSED, at, PROPS + "EmailBodyFile", file.get(), "", "the text won", "");
        }
        if (text.isEmpty()) {
            file.ifPresent(given -> bodyFile(mail, given));
        }
        boolean hasBody = text.isPresent() || file.isPresent();
        if (parts == 2 || (parts == 1 && hasBody)) {
            mail.add("attach").set("parts", parts == 1 ? "body" : "all");
        } else if (hasBody) {
            port.tell(
                    Rule.BT_BODY_REPLACES,
                    at,
                    PROPS + "MessagePartsAttachments",
                    String.valueOf(parts),
                    "<body>",
                    "the message itself is not sent, as in BizTalk",
                    "to send it: <attach parts=\"body\"/>");
        }
        if (bag.has("MessagePartsAttachments")) {
            port.exact(at, PROPS + "MessagePartsAttachments", String.valueOf(parts), "attach");
        }
        bag.text("Attachments").ifPresent(given -> attachments(mail, given));
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
                            at,
                            PROPS + "EmailBodyText",
                            "body",
                            given,
                            "a deployment tool fills in " + given));
        } else if (text.contains("{{") && !asAttribute) {
            body.content(text);
            port.exact(at, PROPS + "EmailBodyText", given, "body");
        } else if (asAttribute) {
            if (text.contains("{{") && !text.contains("\n")) {
                body.content(text);
                port.exact(at, PROPS + "EmailBodyText", given, "body");
            } else {
                port.set(body, "text", text, at, PROPS + "EmailBodyText");
            }
        } else {
            body.content(text);
            port.exact(at, PROPS + "EmailBodyText", given, "body");
        }
    }

    private void bodyFile(Element mail, String given) {
        String path = port.importedFile(given);
        Element body = mail.add("body");
        body.set("file", path);
        charset(body, "EmailBodyFileCharset");
        port.todo(Todo.Kind.FILE, path, "copy " + given + " there, and double each % in it: %Name% is a macro here");
        port.tell(
                Rule.BT_BODY_FILE,
                at,
                PROPS + "EmailBodyFile",
                given,
                "<body file=\"" + path + "\">",
                "copy it there",
                "");
    }

    private void charset(Element body, String property) {
        bag.text(property).ifPresent(given -> {
            boolean known;
            try {
                known = Charset.isSupported(given.strip());
            } catch (IllegalArgumentException e) {
                known = false;
            }
            if (known) {
                body.set("charset", given.strip());
                port.exact(at, PROPS + property, given, "charset");
            } else {
                body.set("charset", "utf-8");
                port.tell(Rule.BT_CHARSET, at, PROPS + property, given, "charset=\"utf-8\"", "", "");
            }
        });
    }

    private void attachments(Element mail, String given) {
        for (String each : files(given)) {
            String path = port.importedFile(each);
            mail.add("attach").set("file", path).set("missing", "suspend");
            port.todo(Todo.Kind.FILE, path, "copy " + each + " there");
            port.tell(
                    Rule.BT_ATTACHMENT,
                    at,
                    PROPS + "Attachments",
                    each,
                    "<attach file=\"" + path + "\">",
                    "copy it there",
                    "");
        }
    }

    /** Separators are not documented: a bar and line ends; a semicolon where every piece looks like a path. */
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
