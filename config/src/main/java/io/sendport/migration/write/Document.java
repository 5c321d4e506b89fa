package io.sendport.migration.write;

import io.sendport.migration.report.Report;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.SourceFile;
import java.util.List;
import java.util.Map;

/** Writes a whole configuration, with comments at its start: the sources, and what is left to do. */
public final class Document {

    private Document() {}

    /** Adds each port, preceded by comments on what a person must supply for it. */
    public static void addPorts(Element root, List<Element> ports, Report report) {
        Map<String, List<Todo>> todos = report.todosByPort();
        for (Element port : ports) {
            for (Todo each : todos.getOrDefault(port.get("name").orElse(""), List.of())) {
                root.comment("to do (" + each.id() + "): " + each.sentence());
            }
            root.add(port);
        }
    }

    /** The text of {@code root}, imported from {@code files}. */
    public static String of(Element root, String product, List<SourceFile> files, Report report) {
        StringBuilder head = new StringBuilder(
                "Imported from " + product + " by `sendport import`. Every port is stopped or unenlisted.");
        for (SourceFile each : files) {
            head.append("\nfrom ").append(each.name()).append(", SHA-256 ").append(each.sha256());
        }
        List<Todo> todos = report.todos();
        head.append("\nto do: ").append(todos.isEmpty() ? "nothing" : todos.size());
        todos.forEach(each -> head.append("\n(").append(each.id()).append(") ").append(each.sentence()));
        if (!todos.isEmpty()) {
            head.append(
                    "\nPut values into a <properties> here, or in a file that includes this one: docs/migrating.md.");
        }
        return new Writer().document(root, head.toString());
    }
}
