package io.sendport.migration.ssis;

import io.sendport.migration.report.Report;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceFile;
import io.sendport.migration.write.Element;
import io.sendport.migration.write.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The connection managers of all files, and the {@code <smtpConnection>} of each SMTP connection manager. */
final class Connections {

    private static final Pattern LOOPBACK = Pattern.compile("(?i)localhost|127\\..*|::1|\\.");
    private static final Pattern NAMES = Pattern.compile("@\\[[^\\]]*]|@\\w+");
    private static final Pattern HOST = Pattern.compile("[\\p{Alnum}][\\p{Alnum}.\\-]*|\\[?[0-9A-Fa-f:.]+]?");

    private final Project project;
    private final Report report;
    private final Names connectionNames = new Names();
    private final Names variables = new Names();
    private final List<Connection> all = new ArrayList<>();
    /** The connections by the file of their package (none for connections of the project), and their id or name. */
    private final Map<String, Connection> connections = new LinkedHashMap<>();

    private final Map<String, String> missing = new LinkedHashMap<>();
    private final Element identity = new Element("identity");

    Connections(Project project, Report report) {
        this.project = project;
        this.report = report;
    }

    /** An SMTP connection manager. */
    private static final class Connection {
        final String name;
        final SourceFile file;
        final Node node;
        final Element element;
        boolean used;

        Connection(String name, SourceFile file, Node node, Element element) {
            this.name = name;
            this.file = file;
            this.node = node;
            this.element = element;
        }
    }

    /** Whether a connection manager is for mail. */
    static boolean isSmtp(Node connection) {
        return Dts.property(connection, "CreationName").orElse("").equalsIgnoreCase("SMTP");
    }

    /** Adds a connection manager of {@code file}. */
    void add(SourceFile file, Node node) {
        String source = Dts.name(node);
        if (!isSmtp(node)) {
            report.add(
                    Rule.SSIS_NOT_MAIL,
                    file.name(),
                    node,
                    "connection manager " + source,
                    Dts.property(node, "CreationName").orElse(""),
                    "",
                    "",
                    "",
                    "");
            return;
        }
        String text = node.all().stream()
                .filter(each -> each.is("SmtpConnectionManager"))
                .flatMap(each -> each.attribute("ConnectionString").stream())
                .findFirst()
                .orElse("");
        String name = connectionNames.name(source);
        Element element = new Element("smtpConnection").set("name", name);
        ConnectionText values = new ConnectionText(configured(file, source, "ConnectionString")
                .or(() -> expressed(file, node, source, "ConnectionString"))
                .orElse(text));
        for (String each : List.of("SmtpServer", "UseWindowsAuthentication", "EnableSsl", "Timeout")) {
            configured(file, source, each)
                    .or(() -> expressed(file, node, source, each))
                    .ifPresent(value -> values.set(each, value));
        }
        for (String each :
                List.of("ConnectionString", "SmtpServer", "UseWindowsAuthentication", "EnableSsl", "Timeout")) {
            configured(file, source, each)
                    .ifPresent(value -> report.add(
                            Rule.SSIS_OVERRIDDEN,
                            file.name(),
                            node,
                            "connection manager " + source + "/" + each,
                            "",
                            name,
                            "a configured value overrides the package",
                            "",
                            ""));
        }
        write(file, node, source, values, element);
        Connection made = new Connection(name, file, node, element);
        all.add(made);
        String place = project.connections.contains(file) ? "" : file.name();
        connections.putIfAbsent(key(place, source), made);
        Dts.property(node, "DTSID").ifPresent(id -> connections.putIfAbsent(key(place, id), made));
        report.add(
                Rule.SSIS_CONNECTION,
                file.name(),
                node,
                "connection manager " + source,
                values.shown(),
                "smtpConnection " + name,
                "",
                "",
                "");
    }

    private static String key(String place, String reference) {
        return place + "|" + reference.strip().toLowerCase(Locale.ROOT);
    }

    private Optional<String> configured(SourceFile file, String source, String property) {
        return project.value(
                project.connections.contains(file) ? "" : file.shortName(),
                "\\package.connections[" + source + "].properties[" + property + "]");
    }

    /** The value that an expression gives a property of a connection, if the files contain all of its parts. */
    private Optional<String> expressed(SourceFile file, Node node, String source, String property) {
        Optional<String> expression = Dts.expression(node, property);
        if (expression.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> known = constant(expression.get(), file);
        report.add(
                known.isPresent() ? Rule.SSIS_CONNECTION : Rule.SSIS_CONNECTION_EXPRESSION,
                file.name(),
                node,
                "connection manager " + source + "/expression " + property,
                String.join(
                        " ",
                        NAMES.matcher(expression.get())
                                .results()
                                .map(MatchResult::group)
                                .toList()),
                source,
                known.isPresent()
                        ? "an environment in SSISDB may override it"
                        : "its value is known only at run time; the stored value is used",
                known.isPresent() ? "" : "give Project.params, or set the value in the configuration",
                "");
        return known;
    }

    /** The value of an expression when the files contain all of its parts. */
    private Optional<String> constant(String expression, SourceFile file) {
        try {
            StringBuilder value = new StringBuilder();
            for (Expression.Piece each : Expression.parse(expression)) {
                if (each instanceof Expression.Literal literal) {
                    value.append(literal.text());
                } else if (each instanceof Expression.Name name
                        && project.parameter(name, file)
                                .filter(found -> !found.sensitive())
                                .isPresent()) {
                    value.append(project.parameter(name, file).get().value());
                } else {
                    return Optional.empty();
                }
            }
            return Optional.of(value.toString());
        } catch (Expression.ComputesException e) {
            return Optional.empty();
        }
    }

    private void write(SourceFile file, Node node, String source, ConnectionText text, Element element) {
        String path = "connection manager " + source + "/ConnectionString";
        Optional<String> server = text.get("smtpserver");
        String host = server.filter(given -> !given.equals(".")).orElse("localhost");
        if (server.isEmpty() || !HOST.matcher(host).matches()) {
            String property = variables.unique(Names.property(source, "host"));
            host = "{{" + property + "}}";
            report.todo(
                    Todo.Kind.PROPERTY,
                    property,
                    server.map(given -> "its value is the text " + given).orElse("the server of connection " + source),
                    file.name(),
                    "");
            report.add(Rule.SSIS_PLACEHOLDER, file.name(), node, path, server.orElse(""), host, "", "", "");
        }
        element.set("host", host).set("port", "25");
        boolean local = LOOPBACK.matcher(host).matches();
        boolean windows = text.flag("usewindowsauthentication");
        boolean ssl = text.flag("enablessl");
        boolean basic = !windows && (text.user().isPresent() || text.hasPassword());
        boolean logsOn = windows || basic;
        element.set("tls", ssl || (logsOn && !local) ? "required" : logsOn ? "none" : "opportunistic");
        element.set("auth", windows ? "ntlm" : basic ? "basic" : "none");
        if (logsOn && local && !ssl) {
            element.set("allowClearText", "true");
        }
        report.add(
                Rule.SSIS_TLS,
                file.name(),
                node,
                path,
                text.shown(),
                "tls=\"" + element.get("tls").orElse("") + "\" auth=\""
                        + element.get("auth").orElse("") + "\"",
                ssl
                        ? "STARTTLS, as System.Net.Mail; port 465 never worked in SSIS"
                        : logsOn && !local
                                ? "SSIS logged on in clear text; to keep that: tls=\"none\" allowClearText=\"true\""
                                : "",
                "",
                "");
        if (windows) {
            for (String each : List.of("domain", "user", "password")) {
                String variable = "SSIS_" + each.toUpperCase(Locale.ROOT);
                identity.set(each, "{{env:" + variable + "}}");
                report.todo(Todo.Kind.ENV, variable, "the account of the SQL Agent proxy: " + each, file.name(), "");
            }
            report.add(
                    Rule.SSIS_IDENTITY,
                    file.name(),
                    node,
                    path,
                    "",
                    "<identity>",
                    "the account that ran the package",
                    "",
                    "");
        }
        if (text.user().isPresent() || text.hasPassword()) {
            String variable = variables.unique(Names.variable("SSIS", source, "PASSWORD"));
            if (basic) {
                String user = text.user().orElse("");
                if (user.isEmpty() || user.contains("{{")) {
                    String name = variables.unique(Names.variable("SSIS", source, "USER"));
                    report.todo(Todo.Kind.ENV, name, "the account of connection " + source, file.name(), "");
                    user = "{{env:" + name + "}}";
                }
                element.set("user", user).set("password", "{{env:" + variable + "}}");
                report.todo(Todo.Kind.ENV, variable, "the password of connection " + source, file.name(), "");
            }
            report.add(
                    Rule.SSIS_PASSWORD,
                    file.name(),
                    node,
                    path,
                    "",
                    basic ? "{{env:" + variable + "}}" : "",
                    "SSIS ignored user and password here and did not log on; to keep that, set auth=\"none\" without them",
                    text.hasPassword() ? "the file contains a password in clear text: change it" : "",
                    "");
        }
        text.get("timeout")
                .filter(value -> value.matches("\\d{1,8}") && Long.parseLong(value) > 0)
                .ifPresent(value -> {
                    String duration = Duration.ofMillis(Long.parseLong(value)).toString();
                    element.set("connectTimeout", duration).set("readTimeout", duration);
                });
        element.add("description").content("In SSIS: " + text.shown());
    }

    /** The name of the connection that a task of {@code file} references by id or name. */
    Optional<String> named(SourceFile file, String reference) {
        Connection found = connections.getOrDefault(key(file.name(), reference), connections.get(key("", reference)));
        if (found == null) {
            return Optional.empty();
        }
        found.used = true;
        return Optional.of(found.name);
    }

    /** The property for a connection that is not in the files. */
    String missing(String reference) {
        return missing.computeIfAbsent(
                reference, key -> "SSIS_CONNECTION" + (missing.isEmpty() ? "" : "_" + (missing.size() + 1)));
    }

    /** The account of a host whose connections use Windows authentication; empty when none does. */
    Element identity() {
        return identity;
    }

    /** Adds the connections to {@code root}, and reports those that no task uses. */
    void write(Element root) {
        for (Connection each : all) {
            root.add(each.element);
            if (!each.used) {
                report.add(
                        Rule.SSIS_CONNECTION_UNUSED,
                        each.file.name(),
                        each.node,
                        "connection manager " + Dts.name(each.node),
                        "",
                        each.name,
                        "no task uses it",
                        "",
                        "");
            }
        }
    }
}
