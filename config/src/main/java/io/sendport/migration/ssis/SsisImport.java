package io.sendport.migration.ssis;

import io.sendport.migration.report.PortLine;
import io.sendport.migration.report.Report;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceFile;
import io.sendport.migration.source.UnreadableException;
import io.sendport.migration.write.Document;
import io.sendport.migration.write.Element;
import io.sendport.migration.write.Imported;
import io.sendport.migration.write.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Send Mail tasks of packages, with the connections, parameters and configured values that belong to them. */
public final class SsisImport {

    private static final Pattern LOOPBACK = Pattern.compile("(?i)localhost|127\\..*|::1|\\.");
    private static final Pattern SENDS_MAIL =
            Pattern.compile("SmtpClient|MailMessage|sp_send_dbmail", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAMES = Pattern.compile("@\\[[^\\]]*]|@\\w+");
    private static final Pattern HOST = Pattern.compile("[\\p{Alnum}][\\p{Alnum}.\\-]*|\\[?[0-9A-Fa-f:.]+]?");

    final Project project = new Project();
    final Report report = new Report();
    final Names names = new Names();
    private final Names connectionNames = new Names();
    private final Names fileNames = new Names();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Map<String, Connection> connections = new LinkedHashMap<>();
    private final List<Connection> all = new ArrayList<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private final Names variables = new Names();
    final List<Element> ports = new ArrayList<>();
    private final Element identity = new Element("identity");

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

    /**
     * Imports the files together.
     *
     * @throws UnreadableException when one of them is nothing that can be imported
     */
    public Imported of(List<Path> paths) throws UnreadableException {
        for (Path each : paths) {
            project.add(each);
        }
        if (project.packages.isEmpty() && project.connections.isEmpty()) {
            throw new UnreadableException("none of the files is a package (.dtsx) or a connection (.conmgr)");
        }
        for (SourceFile each : project.connections) {
            connection(each, each.root());
        }
        for (SourceFile each : project.packages) {
            Dts.each(each.root(), "ConnectionManagers", "ConnectionManager").forEach(node -> connection(each, node));
        }
        for (SourceFile each : project.packages) {
            onePackage(each);
        }
        for (SourceFile each : project.connections) {
            summary(each, 0, isSmtp(each.root()) ? 1 : 0, isSmtp(each.root()) ? 0 : 1);
        }
        for (SourceFile each : project.files) {
            if (!project.packages.contains(each) && !project.connections.contains(each)) {
                summary(each, 0, 0, 0);
            }
        }
        project.unused()
                .forEach(path -> report.add(
                        Rule.SSIS_NOT_MAIL,
                        project.files.get(0).name(),
                        project.files.get(0).root(),
                        "configured value " + path,
                        "",
                        "",
                        "is of nothing that was imported",
                        "",
                        ""));
        return new Imported(document(), report, Map.of());
    }

    private static boolean isSmtp(Node connection) {
        return Dts.property(connection, "CreationName").orElse("").equalsIgnoreCase("SMTP");
    }

    private void connection(SourceFile file, Node node) {
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
                            "a configured value wins over the package",
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

    /** What an expression gives a property of a connection, where that stands in the files. */
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
                                .map(java.util.regex.MatchResult::group)
                                .toList()),
                source,
                known.isPresent() ? "" : "its value is known at run time only; what stands in the package is taken",
                known.isPresent() ? "" : "give Project.params, or set the value in the configuration",
                "");
        return known;
    }

    /** The value of an expression all of whose parts stand in the files. */
    private Optional<String> constant(String expression, SourceFile file) {
        try {
            StringBuilder value = new StringBuilder();
            for (Expression.Piece each : Expression.parse(expression)) {
                if (each instanceof Expression.Literal literal) {
                    value.append(literal.text());
                } else if (each instanceof Expression.Name name
                        && parameter(name, file)
                                .filter(found -> !found.sensitive())
                                .isPresent()) {
                    value.append(parameter(name, file).get().value());
                } else {
                    return Optional.empty();
                }
            }
            return Optional.of(value.toString());
        } catch (Expression.ComputesException e) {
            return Optional.empty();
        }
    }

    /** A parameter of the project, or of the package in {@code file}. */
    Optional<Project.Parameter> parameter(Expression.Name name, SourceFile file) {
        if (name.namespace().equals("$Project")) {
            return project.parameter("", name.name());
        }
        if (!name.namespace().equals("$Package")) {
            return Optional.empty();
        }
        return project.parameter(file.shortName(), name.name())
                .filter(each -> !each.value().isEmpty())
                .or(() -> Dts.each(file.root(), "PackageParameters", "PackageParameter").stream()
                        .filter(each -> Dts.name(each).equalsIgnoreCase(name.name()))
                        .map(each -> new Project.Parameter(
                                Dts.property(each, "ParameterValue").orElse(""), Dts.flag(each, "Sensitive")))
                        .findFirst());
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
                    "SSIS ignored user and password here",
                    text.hasPassword() ? "a password stands there in clear text: change it" : "",
                    "");
        }
        text.get("timeout")
                .filter(value -> value.matches("\\d{1,8}") && Long.parseLong(value) > 0)
                .ifPresent(value -> {
                    String duration =
                            java.time.Duration.ofMillis(Long.parseLong(value)).toString();
                    element.set("connectTimeout", duration).set("readTimeout", duration);
                });
        element.add("description").content("In SSIS: " + text.shown());
    }

    private void onePackage(SourceFile file) {
        Node root = file.root();
        int before = ports.size();
        Scope scope = Scope.empty().in(root, project);
        walk(file, root, Dts.name(root), "Package", scope, new Where(false, false, ""));
        List<Node> managers = Dts.each(root, "ConnectionManagers", "ConnectionManager");
        int smtp = (int) managers.stream().filter(SsisImport::isSmtp).count();
        summary(file, ports.size() - before, smtp, managers.size() - smtp);
    }

    private void summary(SourceFile file, int tasks, int smtp, int others) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("file", file.name());
        counts.put(
                "what",
                file.root().is("Executable")
                        ? "SSIS package " + Dts.name(file.root())
                        : file.root().is("ConnectionManager")
                                ? "SSIS connection " + Dts.name(file.root())
                                : "SSIS parameters or configured values");
        counts.put("sha256", file.sha256());
        counts.put("sendMailTasks", tasks);
        counts.put("mailPorts", tasks);
        counts.put("smtpConnections", smtp);
        counts.put("otherConnections", others);
        report.summary(counts);
    }

    /** Around a task. */
    record Where(boolean inLoop, boolean isDisabled, String event) {}

    private void walk(SourceFile file, Node node, String packageName, String path, Scope scope, Where where) {
        for (Node each : Dts.each(node, "Executables", "Executable")) {
            String kind = Dts.property(each, "CreationName")
                    .or(() -> Dts.property(each, "ExecutableType"))
                    .orElse("");
            String here = Dts.property(each, "refId").orElse(path + "\\" + Dts.name(each));
            Scope inside = scope.in(each, project);
            Where now = new Where(
                    where.inLoop() || kind.toUpperCase(Locale.ROOT).contains("LOOP"),
                    where.isDisabled() || Dts.flag(each, "Disabled"),
                    where.event());
            if (kind.contains("SendMailTask")) {
                Optional<Node> data = each.all().stream()
                        .filter(one -> one.is("SendMailTaskData"))
                        .findFirst();
                new TaskMapping(this, file, each, data.orElse(each), packageName, here, inside, now).write();
            } else if (each.children("Executables").isEmpty()
                    && each.children("Executable").isEmpty()) {
                code(file, each, here);
            }
            walk(file, each, packageName, here, inside, now);
        }
        for (Node handler : Dts.each(node, "EventHandlers", "EventHandler")) {
            String event = Dts.property(handler, "EventName")
                    .or(() -> Dts.property(handler, "CreationName"))
                    .orElse("event");
            walk(
                    file,
                    handler,
                    packageName,
                    path + ".EventHandlers[" + event + "]",
                    scope.in(handler, project),
                    new Where(
                            where.inLoop(),
                            where.isDisabled() || Dts.flag(handler, "Disabled"),
                            event + " of " + path));
        }
    }

    private void code(SourceFile file, Node task, String path) {
        boolean sends = task.all().stream()
                .anyMatch(each -> SENDS_MAIL.matcher(each.text()).find()
                        || each.attributes().values().stream()
                                .anyMatch(value -> SENDS_MAIL.matcher(value).find()));
        if (sends) {
            report.add(
                    Rule.SSIS_CODE,
                    file.name(),
                    task,
                    "task " + path,
                    "",
                    "",
                    "sends mail in code",
                    "look at it: it goes on as before",
                    "");
        }
    }

    /** The name of the connection that a task of {@code file} names by its id or name. */
    Optional<String> connectionOf(SourceFile file, String reference) {
        Connection found = connections.getOrDefault(key(file.name(), reference), connections.get(key("", reference)));
        if (found == null) {
            return Optional.empty();
        }
        found.used = true;
        return Optional.of(found.name);
    }

    /** The property that stands for a connection that is in none of the files. */
    String missing(String reference) {
        return missing.computeIfAbsent(
                reference, key -> "SSIS_CONNECTION" + (missing.isEmpty() ? "" : "_" + (missing.size() + 1)));
    }

    /** Where a file of that path is to be copied to. */
    String file(String path) {
        return files.computeIfAbsent(path, key -> "import/" + fileNames.file(path));
    }

    /** The connection string of a file's connection manager. */
    Optional<String> fileOf(SourceFile file, String reference) {
        List<Node> managers = new ArrayList<>(Dts.each(file.root(), "ConnectionManagers", "ConnectionManager"));
        project.connections.forEach(each -> managers.add(each.root()));
        return managers.stream()
                .filter(each -> Dts.property(each, "DTSID").orElse("").equalsIgnoreCase(reference.strip())
                        || Dts.name(each).equalsIgnoreCase(reference.strip()))
                .flatMap(each -> each.all().stream())
                .flatMap(each -> Dts.property(each, "ConnectionString").stream())
                .findFirst();
    }

    void port(PortLine line) {
        report.port(line);
    }

    private String document() {
        Element root = new Element("sendport").set("xmlns", "urn:sendport:config:1");
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
                        "no task names it",
                        "",
                        "");
            }
        }
        Element host = new Element("host").set("name", "Ssis");
        if (!identity.isEmpty()) {
            host.add(identity);
        }
        if (!ports.isEmpty() || !identity.isEmpty()) {
            root.add(host);
        }
        for (Element port : ports) {
            for (Todo each : report.todos()) {
                if (each.ports().contains(port.get("name").orElse(""))) {
                    root.comment("to do (" + each.id() + "): " + each.sentence());
                }
            }
            root.add(port);
        }
        return Document.of(root, "SSIS", project.files, report);
    }
}
