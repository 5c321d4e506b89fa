package io.sendport.migration.ssis;

import io.sendport.migration.report.Report;
import io.sendport.migration.report.Rule;
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

/** Imports Send Mail tasks of packages, with their connections, parameters and configured values. */
public final class SsisImport {

    private static final Pattern SENDS_MAIL =
            Pattern.compile("SmtpClient|MailMessage|sp_send_dbmail", Pattern.CASE_INSENSITIVE);

    final Project project = new Project();
    final Report report = new Report();
    final Names names = new Names();
    private final Names fileNames = new Names();
    private final Map<String, String> files = new LinkedHashMap<>();
    final Connections connections = new Connections(project, report);
    final List<Element> ports = new ArrayList<>();

    /**
     * Imports the files together.
     *
     * @throws UnreadableException when one of them cannot be imported
     */
    public Imported of(List<Path> paths) throws UnreadableException {
        for (Path each : paths) {
            project.add(each);
        }
        if (project.packages.isEmpty() && project.connections.isEmpty()) {
            throw new UnreadableException(
                    "none of the files is a package (.dtsx) or a connection (.conmgr); name at least one");
        }
        for (SourceFile each : project.connections) {
            connections.add(each, each.root());
        }
        for (SourceFile each : project.packages) {
            Dts.each(each.root(), "ConnectionManagers", "ConnectionManager")
                    .forEach(node -> connections.add(each, node));
        }
        for (SourceFile each : project.packages) {
            onePackage(each);
        }
        for (SourceFile each : project.connections) {
            summary(each, 0, Connections.isSmtp(each.root()) ? 1 : 0, Connections.isSmtp(each.root()) ? 0 : 1);
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
                        "does not belong to anything that was imported",
                        "",
                        ""));
        return new Imported(document(), report, Map.of());
    }

    private void onePackage(SourceFile file) {
        Node root = file.root();
        int before = ports.size();
        Scope scope = Scope.empty().in(root, "Package");
        walk(file, root, Dts.name(root), "Package", scope, new Where(false, false, ""));
        List<Node> managers = Dts.each(root, "ConnectionManagers", "ConnectionManager");
        int smtp = (int) managers.stream().filter(Connections::isSmtp).count();
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

    /** The context of a task. */
    record Where(boolean inLoop, boolean isDisabled, String event) {}

    private void walk(SourceFile file, Node node, String packageName, String path, Scope scope, Where where) {
        for (Node each : Dts.each(node, "Executables", "Executable")) {
            String kind = Dts.property(each, "CreationName")
                    .or(() -> Dts.property(each, "ExecutableType"))
                    .orElse("");
            String here = Dts.property(each, "refId").orElse(path + "\\" + Dts.name(each));
            Scope inside = scope.in(each, here);
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
            String here = path + ".EventHandlers[" + event + "]";
            walk(
                    file,
                    handler,
                    packageName,
                    here,
                    scope.in(handler, here),
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
                    "sends mail from code",
                    "check it: the import does not change it",
                    "");
        }
    }

    /** The path to which a file with that path must be copied. */
    String file(String path) {
        return files.computeIfAbsent(path, key -> "import/" + fileNames.file(path));
    }

    /** The connection string of the connection manager of a file. */
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

    private String document() {
        Element root = new Element("sendport").set("xmlns", "urn:sendport:config:1");
        connections.write(root);
        Element host = new Element("host").set("name", "Ssis");
        if (!connections.identity().isEmpty()) {
            host.add(connections.identity());
        }
        if (!ports.isEmpty() || !connections.identity().isEmpty()) {
            root.add(host);
        }
        Document.addPorts(root, ports, report);
        return Document.of(root, "SSIS", project.files, report);
    }
}
