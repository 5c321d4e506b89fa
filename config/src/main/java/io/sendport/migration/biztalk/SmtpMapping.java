package io.sendport.migration.biztalk;

import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.write.Element;
import io.sendport.migration.write.Names;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Maps the server of a transport, and how it logs on. */
final class SmtpMapping {

    private static final Pattern LOOPBACK = Pattern.compile("(?i)localhost|127\\..*|::1|\\[::1]");

    private final ImportContext.Port port;
    private final CustomProps props;
    private final Optional<CustomProps> handler;

    SmtpMapping(ImportContext context, ImportContext.Port port, CustomProps props) {
        this.port = port;
        this.props = props;
        this.handler = Optional.ofNullable(context.handlers.get(port.host.source));
    }

    /** The resulting {@code <smtp>}; empty when the host has the same settings. */
    Element smtp() {
        Element smtp = new Element("smtp");
        Optional<String> server = props.text("SMTPHost").map(String::strip);
        Optional<Integer> auth = auth(props);
        clearPassword(props);
        if (server.isEmpty()) {
            hostSmtp();
            if (auth.isEmpty()) {
                userOf(props);
                return smtp;
            }
        }
        server.ifPresent(given -> server(smtp, given, props));
        boolean local = isLocal(smtp);
        if (auth.isEmpty() && handler.isPresent()) {
            userOf(props);
            logOnAs(handler.get(), smtp, local);
        } else if (auth.isEmpty()) {
            userOf(props);
            askForAuth(smtp);
        } else {
            logOn(smtp, auth.get(), props, local);
        }
        return smtp;
    }

    /** Reports the port's account when only the handler's settings decide whether it is used. */
    private void userOf(CustomProps account) {
        account.text("Username")
                .ifPresent(user -> port.report(
                        Rule.BT_USER_UNUSED,
                        account.place("Username"),
                        user,
                        "",
                        "SMTPAuthenticate comes from the handler",
                        "if it is 1, set user and password of the port"));
    }

    private static Optional<Integer> auth(CustomProps of) {
        return of.number("SMTPAuthenticate").isPresent()
                        && of.number("SMTPAuthenticate").getAsInt() >= 0
                        && of.number("SMTPAuthenticate").getAsInt() <= 2
                ? Optional.of(of.number("SMTPAuthenticate").getAsInt())
                : Optional.empty();
    }

    private void server(Element smtp, String given, CustomProps of) {
        int colon = given.indexOf(':');
        boolean withPort = colon > 0
                && given.indexOf(':', colon + 1) < 0
                && given.substring(colon + 1).matches("\\d{1,5}")
                && Integer.parseInt(given.substring(colon + 1)) <= 65_535;
        String host = withPort ? given.substring(0, colon) : given;
        if (host.equals(".")) {
            host = "localhost";
        }
        port.set(smtp, "host", host, of.place("SMTPHost"));
        smtp.set("port", withPort ? given.substring(colon + 1) : "25");
    }

    private static boolean isLocal(Element smtp) {
        return LOOPBACK.matcher(smtp.get("host").orElse("")).matches();
    }

    /** Log-on as the handler does it; BizTalk's own default is NTLM. */
    private void logOnAs(CustomProps account, Element smtp, boolean local) {
        clearPassword(account);
        logOn(smtp, auth(account).orElse(2), account, local);
    }

    private void logOn(Element smtp, int auth, CustomProps account, boolean local) {
        if (auth != 1 && account.text("Username").isPresent()) {
            port.report(
                    Rule.BT_USER_UNUSED,
                    account.place("Username"),
                    account.text("Username").orElse(""),
                    "",
                    "SMTPAuthenticate is " + auth,
                    "");
        }
        String was = "SMTPAuthenticate " + auth;
        if (auth == 0) {
            smtp.set("auth", "none").set("tls", "opportunistic");
            port.report(
                    Rule.BT_TLS,
                    account.place("SMTPAuthenticate"),
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
        port.report(
                Rule.BT_TLS,
                account.place("SMTPAuthenticate"),
                was,
                "auth=\"" + kind + "\" tls=\"" + smtp.get("tls").orElse("") + "\"",
                "BizTalk logged on in clear text",
                local
                        ? ""
                        : "to keep that: tls=\"none\" allowClearText=\"true\"; `sendport doctor` shows what the server offers");
        if (auth == 1) {
            credentials(smtp, account);
        } else {
            identity(account);
        }
    }

    private void credentials(Element smtp, CustomProps account) {
        String server = smtp.get("host").orElse(port.host.name);
        Optional<String> user = account.text("Username");
        if (user.isPresent()) {
            port.set(smtp, "user", user.get(), account.place("Username"));
        } else {
            smtp.set("user", port.variable(server, "USER", "the account of port " + port.source));
            port.report(
                    Rule.BT_PASSWORD,
                    account.place("Username"),
                    "",
                    smtp.get("user").orElse(""),
                    "is not in the binding",
                    "");
        }
        smtp.set(
                "password",
                port.variable(
                        server + " " + user.orElse(""),
                        "PASSWORD",
                        "the password of " + user.orElse("the account") + " at " + server));
        port.report(
                Rule.BT_PASSWORD,
                account.place("Password"),
                "",
                smtp.get("password").orElse(""),
                "bindings mask it",
                "");
    }

    private void clearPassword(CustomProps account) {
        account.text("Password")
                .filter(value -> !value.matches("\\*+"))
                .ifPresent(value -> port.report(
                        Rule.BT_PASSWORD_CLEAR,
                        account.place("Password"),
                        value,
                        "",
                        "the file contains a password in clear text",
                        "change it"));
    }

    private void identity(CustomProps account) {
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
                    "the account of host instance " + port.host.source + ": " + what.toLowerCase(Locale.ROOT));
        }
        port.report(
                Rule.BT_IDENTITY,
                account.place("SMTPAuthenticate"),
                "2",
                "<identity>",
                "the account of the host instance; Sendport needs its password",
                "nobody knows the password of a managed service account: use another account, or Kerberos");
    }

    /** The host's {@code <smtp>}, which a binding does not contain. */
    private void hostSmtp() {
        Element smtp = port.host.smtp;
        if (handler.isPresent() && handler.get().text("SMTPHost").isPresent()) {
            if (smtp.isEmpty()) {
                server(smtp, handler.get().text("SMTPHost").orElse("").strip(), handler.get());
                logOnAs(handler.get(), smtp, isLocal(smtp));
            }
            return;
        }
        if (smtp.get("host").filter(given -> !given.startsWith("{{")).isPresent()) {
            return;
        }
        String property = Names.property(port.host.name, "smtp.host");
        smtp.set("host", "{{" + property + "}}").set("port", "25");
        port.todo(Todo.Kind.PROPERTY, property, "the server of handler " + port.host.source);
        port.report(
                Rule.BT_SERVER_HANDLER,
                props.place("SMTPHost"),
                "",
                "{{" + property + "}}",
                "set in the handler",
                "export the handlers: docs/migrating.md");
        if (auth(props).isPresent()) {
            return;
        }
        if (handler.flatMap(SmtpMapping::auth).isPresent()) {
            logOnAs(handler.get(), smtp, false);
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
        port.report(
                Rule.BT_AUTH_HANDLER,
                props.place("SMTPAuthenticate"),
                "",
                "auth=\"{{" + property + "}}\" tls=\"required\"",
                "set in the handler",
                "export the handlers: docs/migrating.md");
    }
}
