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
import io.sendport.support.FileName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Maps one Send Mail task. */
final class TaskMapping {

    private static final String IF_WRITTEN_BY_EACH_RUN = "if each run of the package writes the file, ";
    private static final String ATTACH_IT =
            "replace <attach> and <body> by <attach parts=\"all\"/>, and submit the text of the mail as"
                    + " the message, with --attach FILE";

    /** The content type of texts from SSIS variables, which are Unicode. */
    private static final String TEXT = "text/plain; charset=utf-8";

    private final SsisImport all;
    private final SourceFile file;
    private final Node task;
    private final Node data;
    private final String packageName;
    private final String path;
    private final TaskTexts texts;
    private final SsisImport.Where where;
    private final String name;
    private final Element port = new Element("sendPort");

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
        this.where = where;
        this.name = all.names.name(packageName + " " + Dts.name(task));
        this.texts = new TaskTexts(all, file, task, data, packageName, path, scope, name);
    }

    private void report(Rule rule, String what, String value, String target, String message, String advice) {
        texts.report(rule, what, value, target, message, advice);
    }

    void write() {
        port.set("name", name)
                .set("application", new Names().name(packageName))
                .set("host", "Ssis")
                .set("initialState", where.isDisabled() ? "unenlisted" : "stopped");
        port.add("description").content("In SSIS: " + path);
        report(Rule.SSIS_TASK, "task " + path, "", "port " + name, "", "");
        if (!name.equals(packageName + " " + Dts.name(task))) {
            report(Rule.SSIS_NAME, "task " + path, packageName + " " + Dts.name(task), name, "", "");
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
        mail.set(
                "subject",
                texts.text("Subject").map(TaskTexts.Written::attribute).orElse(""));
        importance(mail);
        body(mail);
        attachments(mail);
        port.add(mail);
        port.add("smtp").set("connection", connection());
        contextFindings();
        unhandledSettings();
        all.ports.add(port);
        String arguments = Report.arguments(name, texts.macros())
                + (messageSource().equals("variable") ? " --content-type \"" + TEXT + '"' : "");
        all.report.submit(arguments + " --dry-run FILE");
        all.report.port(new PortLine(
                name,
                path,
                file.name(),
                task.line(),
                task.column(),
                "Ssis",
                List.of("an Execute Process task that replaces it: sendport submit " + arguments + " -")));
    }

    private void missing(Element mail, String attribute) {
        String property = Names.property(name, attribute);
        mail.set(
                attribute,
                texts.requestedValue(
                        Rule.SSIS_ADDRESS,
                        attribute,
                        property,
                        "",
                        "the task does not name one",
                        "the task does not name one",
                        ""));
    }

    private void address(Element mail, String property, String attribute) {
        texts.text(property).ifPresent(written -> {
            String value = written.attribute();
            if (!written.hasPlaceholder()) {
                try {
                    AddressTemplate.parseList(value);
                } catch (IllegalArgumentException e) {
                    value = texts.requestedValue(
                            Rule.SSIS_ADDRESS,
                            property,
                            Names.property(name, attribute),
                            value,
                            "is not an address: " + e.getMessage(),
                            "is not an address",
                            "");
                }
            }
            mail.set(attribute, value);
            if (!written.isLiteral()
                    && value.contains("%")
                    && mail.get("domains").isEmpty()) {
                mail.set("domains", "*");
                report(
                        Rule.SSIS_DOMAINS,
                        property,
                        value,
                        "domains=\"*\"",
                        "the package may choose any domain, as before",
                        "list the allowed domains");
            }
        });
    }

    private void importance(Element mail) {
        Optional<String> expression = Dts.expression(task, "Priority");
        boolean literal = expression.isPresent() && expression.get().matches("\"?\\w+\"?");
        if (expression.isPresent() && !literal) {
            notExpressed("Priority");
        }
        String priority = (literal ? expression.map(each -> each.replace("\"", "")) : texts.setting("Priority"))
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
            report(Rule.SSIS_PRIORITY, "Priority", priority, "importance=\"" + importance + "\"", "", "");
        }
    }

    private String messageSource() {
        String type =
                texts.setting("MessageSourceType").orElse("DirectInput").strip().toLowerCase(Locale.ROOT);
        return switch (type) {
            case "1", "fileconnection" -> "file";
            case "2", "variable" -> "variable";
            default -> "direct";
        };
    }

    private void body(Element mail) {
        switch (messageSource()) {
            case "variable" ->
                report(
                        Rule.SSIS_BODY_VARIABLE,
                        "MessageSource",
                        texts.setting("MessageSource").orElse(""),
                        "",
                        "the submitted text is the body",
                        "submit it with --content-type \"" + TEXT + "\"");
            case "file" -> {
                String reference = texts.setting("MessageSource").orElse("");
                String given = all.fileOf(file, reference).orElse(reference);
                String to = all.file(given.isEmpty() ? "body.txt" : given);
                mail.add("body").set("file", to);
                all.report.todo(
                        Todo.Kind.FILE, to, "copy " + given + " there, and double each % in it", file.name(), name);
                report(
                        Rule.SSIS_BODY_FILE,
                        "MessageSource",
                        given,
                        "<body file=\"" + to + "\">",
                        "copy it there",
                        IF_WRITTEN_BY_EACH_RUN + "submit the file instead");
            }
            default -> {
                String text = texts.text("MessageSource")
                        .map(written -> written.attribute().replace("\r\n", "\n"))
                        .orElse("");
                mail.add("body").set("text", text);
                report(
                        Rule.SSIS_BODY,
                        "MessageSource",
                        "",
                        "<body>",
                        "the package submits an empty message: nothing on standard input",
                        "");
            }
        }
    }

    private void attachments(Element mail) {
        Optional<String> expression = Dts.expression(task, "FileAttachments");
        if (expression.isPresent()) {
            texts.text("FileAttachments").ifPresent(attached(mail));
            return;
        }
        List<String> paths = new ArrayList<>();
        for (Node each : data.children("Attachments")) {
            each.attribute("FileName").ifPresent(paths::add);
            each.all().stream().skip(1).forEach(inner -> inner.attribute("FileName")
                    .ifPresent(paths::add));
        }
        texts.setting("FileAttachments").ifPresent(list -> paths.addAll(List.of(list.split("\\|"))));
        for (String each : new LinkedHashSet<>(paths)) {
            if (each.isBlank()) {
                continue;
            }
            String to = all.file(each.strip());
            attach(mail, to, each.strip());
            all.report.todo(Todo.Kind.FILE, to, "copy " + each.strip() + " there", file.name(), name);
            report(
                    Rule.SSIS_ATTACHMENT,
                    "Attachments",
                    each.strip(),
                    "<attach file=\"" + to + "\">",
                    "copy it there",
                    IF_WRITTEN_BY_EACH_RUN + ATTACH_IT);
        }
    }

    /** Adds each file that an expression names, from one folder by its name. */
    private Consumer<TaskTexts.Written> attached(Element mail) {
        return written -> {
            for (String each : written.attribute().split("\\|")) {
                String own = each.strip().replaceAll(".*[\\\\/]", "");
                if (own.isEmpty()) {
                    continue;
                }
                boolean fixed = !own.contains("%") && !own.contains("{{");
                String to = fixed ? all.file(each.strip()) : "import/" + own;
                attach(mail, to, own);
                if (fixed) {
                    all.report.todo(Todo.Kind.FILE, to, "copy " + each.strip() + " there", file.name(), name);
                }
                report(
                        fixed ? Rule.SSIS_ATTACHMENT : Rule.SSIS_MACRO,
                        "expression FileAttachments",
                        each.strip(),
                        "<attach file=\"" + to + "\">",
                        fixed ? "copy it there" : "pass --set with the file name without its folder",
                        IF_WRITTEN_BY_EACH_RUN + ATTACH_IT);
            }
        };
    }

    /** Attaches a file under its original name, even if another file with that name is already in the folder. */
    private static void attach(Element mail, String file, String source) {
        Element attach = mail.add("attach").set("file", file).set("missing", "suspend");
        String own = FileName.of(source);
        if (!file.endsWith("/" + own) && !own.contains("{{")) {
            attach.set("name", Macros.none(own));
        }
    }

    private String connection() {
        String stored = texts.setting("SmtpConnection").orElse("");
        Optional<String> expression = Dts.expression(task, "SmtpConnection");
        String reference = expression
                .filter(each -> each.matches("\"[^\"\\\\]*\""))
                .map(each -> each.substring(1, each.length() - 1))
                .orElse(stored);
        if (expression.isPresent() && reference.equals(stored)) {
            notExpressed("SmtpConnection");
        }
        Optional<String> found = all.connections.named(file, reference);
        if (found.isPresent()) {
            return found.get();
        }
        String requestedValue = "{{" + all.connections.missing(reference) + "}}";
        all.report.todo(
                Todo.Kind.CONNECTION,
                all.connections.missing(reference),
                "give the .conmgr with DTSID " + reference,
                file.name(),
                name);
        report(
                Rule.SSIS_CONNECTION_MISSING,
                "SMTPServer",
                reference,
                "connection=\"" + requestedValue + "\"",
                "is not in the files",
                "give its .conmgr");
        return requestedValue;
    }

    private void notExpressed(String property) {
        report(
                Rule.SSIS_EXPRESSION,
                "expression " + property,
                "",
                "",
                "it is known only at run time; the stored value is used",
                "set it in the configuration");
    }

    /** Reports expressions and properties that no other method handles. */
    private void unhandledSettings() {
        for (Node each : task.children("PropertyExpression")) {
            String property = each.attribute("Name").orElse("");
            if (!HandledSettings.isExpression(property)) {
                notExpressed(property);
            }
        }
        for (String each : data.attributes().keySet()) {
            if (!HandledSettings.isProperty(each)) {
                report(
                        Rule.SSIS_UNKNOWN,
                        each,
                        data.attribute(each).orElse(""),
                        "",
                        "is not a property of the Send Mail task",
                        "");
            }
        }
        for (Node each : data.children()) {
            if (!HandledSettings.isProperty(each.name())) {
                report(Rule.SSIS_UNKNOWN, "<" + each.name() + ">", "", "", "is not a part of the Send Mail task", "");
            }
        }
    }

    private void contextFindings() {
        report(Rule.SSIS_RETRY, "task " + path, "", "", "a message is retried three times, five minutes apart", "");
        if (where.inLoop()) {
            report(Rule.SSIS_LOOP, "task " + path, "", "", "one submit per iteration of the loop", "");
        }
        if (where.isDisabled()) {
            report(Rule.SSIS_DISABLED, "task " + path, "", "initialState=\"unenlisted\"", "", "");
        }
        if (!where.event().isEmpty()) {
            report(Rule.SSIS_EVENT, "task " + path, where.event(), "", "", "");
        }
    }
}
