package io.sendport.migration.ssis;

import io.sendport.api.mail.AddressTemplate;
import io.sendport.migration.report.PortLine;
import io.sendport.migration.report.Report;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceFile;
import io.sendport.migration.write.Element;
import io.sendport.migration.write.Macros;
import io.sendport.migration.write.Names;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One Send Mail task. */
final class TaskMapping {

    private static final int DEEPEST = 8;
    /** What a property is called in an expression. */
    private static final Map<String, String> EXPRESSIONS =
            Map.of("From", "FromLine", "To", "ToLine", "CC", "CCLine", "BCC", "BCCLine");

    /** Expressions that are written, or told of, each at its place. */
    private static final Set<String> EXPRESSED = Set.of(
            "FromLine",
            "ToLine",
            "CCLine",
            "BCCLine",
            "Subject",
            "MessageSource",
            "FileAttachments",
            "SmtpConnection",
            "Priority");

    private static final Set<String> ATTRIBUTES = Set.of(
            "smtpserver",
            "from",
            "to",
            "cc",
            "bcc",
            "subject",
            "priority",
            "messagesourcetype",
            "messagesource",
            "attachments",
            "fileattachments",
            "property",
            "objectdata",
            "variables",
            "loggingoptions",
            "propertyexpression",
            "sendmailtaskdata",
            "creationname",
            "objectname",
            "dtsid",
            "refid",
            "executabletype",
            "disabled",
            "description",
            "taskcontact",
            "localeid",
            "delayvalidation",
            "threadhint",
            "failpackageonfailure",
            "failparentonfailure",
            "xmlns");

    private final SsisImport all;
    private final SourceFile file;
    private final Node task;
    private final Node data;
    private final String packageName;
    private final String path;
    private final Scope scope;
    private final SsisImport.Where where;
    private final String name;
    private final Element port = new Element("sendPort");
    private final Set<String> macros = new LinkedHashSet<>();

    TaskMapping(
            SsisImport all,
            SourceFile file,
            Node task,
            Node data,
            String packageName,
            String path,
            Scope scope,
            SsisImport.Where where) {
        this.all = all;
        this.file = file;
        this.task = task;
        this.data = data;
        this.packageName = packageName;
        this.path = path;
        this.scope = scope;
        this.where = where;
        this.name = all.names.name(packageName + " " + Dts.name(task));
    }

    private void tell(Rule rule, String what, String value, String target, String message, String advice) {
        all.report.add(rule, file.name(), task, what, value, target, message, advice, name);
    }

    void write() {
        port.set("name", name)
                .set("application", new Names().name(packageName))
                .set("host", "Ssis")
                .set("initialState", where.isDisabled() ? "unenlisted" : "stopped");
        port.add("description").content("In SSIS: " + path);
        tell(Rule.SSIS_TASK, "task " + path, "", "port " + name, "", "");
        if (!name.equals(packageName + " " + Dts.name(task))) {
            tell(Rule.SSIS_NAME, "task " + path, packageName + " " + Dts.name(task), name, "", "");
        }
        Element mail = new Element("mail");
        address(mail, "From", "from");
        address(mail, "To", "to");
        address(mail, "CC", "cc");
        address(mail, "BCC", "bcc");
        if (mail.get("from").isEmpty()) {
            missing(mail, "from");
        }
        if (mail.get("to").isEmpty()
                && mail.get("cc").isEmpty()
                && mail.get("bcc").isEmpty()) {
            missing(mail, "to");
        }
        text("Subject").ifPresent(subject -> mail.set("subject", subject.attribute()));
        importance(mail);
        body(mail);
        attachments(mail);
        port.add(mail);
        port.add("smtp").set("connection", connection());
        circumstances();
        rest();
        all.ports.add(port);
        StringBuilder command = new StringBuilder("sendport submit --port \"" + name + "\"");
        macros.forEach(each -> command.append(" --set ").append(each).append("=\"...\""));
        boolean variable = messageSource().equals("variable");
        command.append(variable ? " --content-type text/plain -" : " -");
        all.report.command(command.toString());
        all.port(new PortLine(
                name,
                path,
                file.name(),
                task.line(),
                task.column(),
                "Ssis",
                List.of("an Execute Process task in its place: " + command)));
    }

    private void missing(Element mail, String attribute) {
        String property = Names.property(name, attribute);
        mail.set(attribute, "{{" + property + "}}");
        all.report.todo(Todo.Kind.PROPERTY, property, "the task names none", file.name(), name);
        tell(Rule.SSIS_ADDRESS, attribute, "", "{{" + property + "}}", "the task names none", "");
    }

    /** A text as it is written, and what it came from. */
    private record Written(String attribute, boolean hasPlaceholder, boolean isLiteral) {}

    private Optional<Written> text(String property) {
        String expressed = EXPRESSIONS.getOrDefault(property, property);
        Optional<String> expression = Dts.expression(task, expressed);
        Optional<String> stands = Dts.property(data, property).or(() -> data.text(property));
        if (expression.isEmpty()) {
            return stands.map(value -> literal(value, property));
        }
        try {
            StringBuilder text = new StringBuilder();
            boolean[] placeholder = {false};
            append(Expression.parse(expression.get()), text, placeholder, 0, property);
            return Optional.of(new Written(text.toString(), placeholder[0], false));
        } catch (Expression.ComputesException e) {
            String macro = (Dts.name(task) + "_" + property).replaceAll("[^\\p{L}\\p{Nd}_]", "_");
            macros.add(macro);
            all.report.todo(
                    Todo.Kind.DECISION,
                    "--set " + macro,
                    "the package computes " + expression.get() + " and gives it to the submit",
                    file.name(),
                    name);
            tell(
                    Rule.SSIS_FUNCTION,
                    "expression " + expressed,
                    expression.get(),
                    "%" + macro + "%",
                    "it computes",
                    "--set " + macro);
            return Optional.of(new Written("%" + macro + "%", false, false));
        }
    }

    private Written literal(String value, String property) {
        if (value.contains("{{")) {
            String asked = Names.property(name, property);
            all.report.todo(Todo.Kind.PROPERTY, asked, "its value is the text " + value, file.name(), name);
            tell(Rule.SSIS_PLACEHOLDER, property, value, "{{" + asked + "}}", "its value is the text", "");
            return new Written("{{" + asked + "}}", true, false);
        }
        tell(Rule.SSIS_TASK, property, value, property.toLowerCase(Locale.ROOT), "", "");
        return new Written(Macros.none(value), false, true);
    }

    private void append(
            List<Expression.Piece> pieces, StringBuilder text, boolean[] placeholder, int depth, String property)
            throws Expression.ComputesException {
        if (depth > DEEPEST) {
            throw new Expression.ComputesException();
        }
        for (Expression.Piece each : pieces) {
            if (each instanceof Expression.Literal literal) {
                if (literal.text().contains("{{")) {
                    throw new Expression.ComputesException();
                }
                text.append(Macros.none(literal.text()));
            } else if (each instanceof Expression.Name given) {
                name(given, text, placeholder, depth, property);
            }
        }
    }

    private void name(Expression.Name given, StringBuilder text, boolean[] placeholder, int depth, String property)
            throws Expression.ComputesException {
        if (given.namespace().startsWith("$")) {
            text.append(parameter(given));
            placeholder[0] = true;
            return;
        }
        if (given.namespace().equalsIgnoreCase("System")) {
            if (given.name().equals("PackageName") || given.name().equals("TaskName")) {
                text.append(Macros.none(given.name().equals("TaskName") ? Dts.name(task) : packageName));
                return;
            }
            macro("System_" + given.name(), property, "@[System::" + given.name() + "]", "", text);
            return;
        }
        Optional<Scope.Variable> variable = scope.find(given.namespace(), given.name());
        if (variable.isPresent() && variable.get().expression().isPresent()) {
            append(Expression.parse(variable.get().expression().get()), text, placeholder, depth + 1, property);
            return;
        }
        boolean taken = scope.isAmbiguous(given.name()) || Macros.OF_A_SUBJECT.contains(given.name());
        String macro = (taken ? given.namespace() + "_" : "") + given.name();
        macro(
                macro,
                property,
                "@[" + given.namespace() + "::" + given.name() + "]",
                variable.map(Scope.Variable::value).orElse(""),
                text);
    }

    private void macro(String macro, String property, String source, String value, StringBuilder text) {
        String clean = macro.replaceAll("[^\\p{L}\\p{Nd}_]", "_");
        text.append('%').append(clean).append('%');
        if (macros.add(clean)) {
            tell(
                    Rule.SSIS_MACRO,
                    "expression " + property,
                    source,
                    "%" + clean + "%",
                    value.isEmpty() || Report.isSecret(clean) ? "" : "when it was designed: " + value,
                    "the submitter gives --set " + clean);
        }
    }

    private String parameter(Expression.Name given) {
        Optional<Project.Parameter> found = all.parameter(given, file);
        String clean = Names.property(given.name());
        if (found.isPresent() && (found.get().sensitive() || Report.isSecret(given.name()))) {
            String variable = Names.variable(given.name());
            all.report.todo(Todo.Kind.ENV, variable, "the sensitive parameter " + given.name(), file.name(), name);
            tell(
                    Rule.SSIS_PARAMETER_UNKNOWN,
                    "parameter " + given.name(),
                    "",
                    "{{env:" + variable + "}}",
                    "it is sensitive",
                    "");
            return "{{env:" + variable + "}}";
        }
        if (found.isPresent()
                && !found.get().value().isEmpty()
                && !found.get().value().matches("(?s).*[{}\\p{Cntrl}].*")) {
            tell(
                    Rule.SSIS_PARAMETER,
                    "parameter " + given.name(),
                    found.get().value(),
                    "{{" + clean + ":...}}",
                    "an environment in SSISDB may say otherwise",
                    "");
            return "{{" + clean + ":" + Macros.none(found.get().value()) + "}}";
        }
        all.report.todo(
                Todo.Kind.PROPERTY,
                clean,
                found.map(each -> "its value is the text " + each.value())
                        .orElse("the value of parameter " + given.name() + "; give Project.params, or set it"),
                file.name(),
                name);
        tell(
                Rule.SSIS_PARAMETER_UNKNOWN,
                "parameter " + given.name(),
                "",
                "{{" + clean + "}}",
                "its value is in none of the files",
                "give Project.params");
        return "{{" + clean + "}}";
    }

    private void address(Element mail, String property, String attribute) {
        text(property).ifPresent(written -> {
            String value = written.attribute();
            if (!written.hasPlaceholder()) {
                try {
                    AddressTemplate.parseList(value);
                } catch (IllegalArgumentException e) {
                    String asked = Names.property(name, attribute);
                    all.report.todo(Todo.Kind.PROPERTY, asked, "is no address: " + e.getMessage(), file.name(), name);
                    tell(Rule.SSIS_ADDRESS, property, value, "{{" + asked + "}}", "is no address", "");
                    value = "{{" + asked + "}}";
                }
            }
            mail.set(attribute, value);
            if (!written.isLiteral()
                    && value.contains("%")
                    && mail.get("domains").isEmpty()) {
                mail.set("domains", "*");
                tell(
                        Rule.SSIS_DOMAINS,
                        property,
                        value,
                        "domains=\"*\"",
                        "the package chooses any domain, as before",
                        "name the domains");
            }
        });
    }

    private void importance(Element mail) {
        Optional<String> expression = Dts.expression(task, "Priority");
        boolean literal = expression.isPresent() && expression.get().matches("\"?\\w+\"?");
        if (expression.isPresent() && !literal) {
            notExpressed("Priority");
        }
        String priority = (literal ? expression.map(each -> each.replace("\"", "")) : Dts.property(data, "Priority"))
                .orElse("")
                .strip()
                .toLowerCase(Locale.ROOT);
        String importance =
                switch (priority) {
                    case "high", "2" -> "high";
                    case "low", "1" -> "low";
                    default -> "";
                };
        if (!importance.isEmpty()) {
            mail.set("importance", importance);
            tell(Rule.SSIS_PRIORITY, "Priority", priority, "importance=\"" + importance + "\"", "", "");
        }
    }

    private String messageSource() {
        String type = Dts.property(data, "MessageSourceType")
                .orElse("DirectInput")
                .strip()
                .toLowerCase(Locale.ROOT);
        return switch (type) {
            case "1", "fileconnection" -> "file";
            case "2", "variable" -> "variable";
            default -> "direct";
        };
    }

    private void body(Element mail) {
        switch (messageSource()) {
            case "variable" ->
                tell(
                        Rule.SSIS_BODY_VARIABLE,
                        "MessageSource",
                        Dts.property(data, "MessageSource").orElse(""),
                        "",
                        "the text that is submitted is the body",
                        "--content-type text/plain");
            case "file" -> {
                String reference = Dts.property(data, "MessageSource")
                        .or(() -> data.text("MessageSource"))
                        .orElse("");
                String given = all.fileOf(file, reference).orElse(reference);
                String to = all.file(given.isEmpty() ? "body.txt" : given);
                mail.add("body").set("file", to);
                all.report.todo(
                        Todo.Kind.FILE, to, "copy " + given + " there, and double each % in it", file.name(), name);
                tell(Rule.SSIS_BODY_FILE, "MessageSource", given, "<body file=\"" + to + "\">", "copy it there", "");
            }
            default ->
                text("MessageSource").ifPresent(written -> {
                    mail.add("body").set("text", written.attribute().replace("\r\n", "\n"));
                    tell(
                            Rule.SSIS_BODY,
                            "MessageSource",
                            "",
                            "<body>",
                            "the package submits an empty message",
                            "sendport submit --port \"" + name + "\" - </dev/null");
                });
        }
    }

    private void attachments(Element mail) {
        Optional<String> expression = Dts.expression(task, "FileAttachments");
        if (expression.isPresent()) {
            text("FileAttachments").ifPresent(this.attached(mail));
            return;
        }
        List<String> paths = new ArrayList<>();
        for (Node each : data.children("Attachments")) {
            each.attribute("FileName").ifPresent(paths::add);
            each.all().stream().skip(1).forEach(inner -> inner.attribute("FileName")
                    .ifPresent(paths::add));
        }
        Dts.property(data, "FileAttachments").ifPresent(list -> paths.addAll(List.of(list.split("\\|"))));
        for (String each : new LinkedHashSet<>(paths)) {
            if (each.isBlank()) {
                continue;
            }
            String to = all.file(each.strip());
            mail.add("attach").set("file", to).set("missing", "suspend");
            all.report.todo(Todo.Kind.FILE, to, "copy " + each.strip() + " there", file.name(), name);
            tell(
                    Rule.SSIS_ATTACHMENT,
                    "Attachments",
                    each.strip(),
                    "<attach file=\"" + to + "\">",
                    "copy it there",
                    "");
        }
    }

    /** Each file that an expression names: from one folder, by its own name. */
    private java.util.function.Consumer<Written> attached(Element mail) {
        return written -> {
            for (String each : written.attribute().split("\\|")) {
                String own = each.strip().replaceAll(".*[\\\\/]", "");
                if (own.isEmpty()) {
                    continue;
                }
                boolean fixed = !own.contains("%") && !own.contains("{{");
                String to = fixed ? all.file(each.strip()) : "import/" + own;
                mail.add("attach").set("file", to).set("missing", "suspend");
                if (fixed) {
                    all.report.todo(Todo.Kind.FILE, to, "copy " + each.strip() + " there", file.name(), name);
                }
                tell(
                        fixed ? Rule.SSIS_ATTACHMENT : Rule.SSIS_MACRO,
                        "expression FileAttachments",
                        each.strip(),
                        "<attach file=\"" + to + "\">",
                        "",
                        fixed ? "copy it there" : "give --set the bare name, and put the file into import");
            }
        };
    }

    private String connection() {
        String stands = Dts.property(data, "SMTPServer").orElse("");
        Optional<String> expression = Dts.expression(task, "SmtpConnection");
        String reference = expression
                .filter(each -> each.matches("\"[^\"\\\\]*\""))
                .map(each -> each.substring(1, each.length() - 1))
                .orElse(stands);
        if (expression.isPresent() && reference.equals(stands)) {
            notExpressed("SmtpConnection");
        }
        Optional<String> found = all.connectionOf(file, reference);
        if (found.isPresent()) {
            return found.get();
        }
        String asked = "{{" + all.missing(reference) + "}}";
        all.report.todo(
                Todo.Kind.CONNECTION,
                all.missing(reference),
                "give the .conmgr with DTSID " + reference,
                file.name(),
                name);
        tell(
                Rule.SSIS_CONNECTION_MISSING,
                "SMTPServer",
                reference,
                "connection=\"" + asked + "\"",
                "is in none of the files",
                "give its .conmgr");
        return asked;
    }

    private void notExpressed(String property) {
        tell(
                Rule.SSIS_EXPRESSION,
                "expression " + property,
                "",
                "",
                "it is known at run time only; what stands in the package is taken",
                "set it in the configuration");
    }

    /** Whatever has an expression or a name that nothing above knows is told. */
    private void rest() {
        for (Node each : task.children("PropertyExpression")) {
            String property = each.attribute("Name").orElse("");
            if (!EXPRESSED.contains(property)) {
                notExpressed(property);
            }
        }
        for (String each : data.attributes().keySet()) {
            if (!ATTRIBUTES.contains(each.toLowerCase(Locale.ROOT))) {
                tell(
                        Rule.SSIS_UNKNOWN,
                        each,
                        data.attribute(each).orElse(""),
                        "",
                        "is no property of the Send Mail task",
                        "");
            }
        }
        for (Node each : data.children()) {
            if (!ATTRIBUTES.contains(each.name().toLowerCase(Locale.ROOT))) {
                tell(Rule.SSIS_UNKNOWN, "<" + each.name() + ">", "", "", "is no part of the Send Mail task", "");
            }
        }
    }

    private void circumstances() {
        tell(Rule.SSIS_RETRY, "task " + path, "", "", "a message is tried again, three times, five minutes apart", "");
        if (where.inLoop()) {
            tell(Rule.SSIS_LOOP, "task " + path, "", "", "one submit for each turn of the loop", "");
        }
        if (where.isDisabled()) {
            tell(Rule.SSIS_DISABLED, "task " + path, "", "initialState=\"unenlisted\"", "", "");
        }
        if (!where.event().isEmpty()) {
            tell(Rule.SSIS_EVENT, "task " + path, where.event(), "", "", "");
        }
    }
}
