package io.sendport.migration.write;

import io.sendport.migration.report.Report;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.SourceFile;
import java.util.List;
import java.util.Map;

/** A whole configuration with its head: what it was made of, and what is left to do. */
public final class Document {

    private Document() {}

    /** Adds each port, behind comments that tell what waits for a person there. */
    public static void addPorts(Element root, List<Element> ports, Report report) {
        Map<String, List<Todo>> todos = report.todosByPort();
        for (Element port : ports) {
            for (Todo each : todos.getOrDefault(port.get("name").orElse(""), List.of())) {
                root.comment("to do (" + each.id() + "): " + each.sentence());
            }
            root.add(port);
        }
    }

    /** The text of {@code root}, made of {@code files}. */
    public static String of(Element root, String product, List<SourceFile> files, Report report) {
        StringBuilder head =
                new StringBuilder("Imported from " + product + " by `sendport import`. Every port is stopped.");
        for (SourceFile each : files) {
            head.append("\nfrom ").append(each.name()).append(", SHA-256 ").append(each.sha256());
        }
        List<Todo> todos = report.todos();
        head.append("\nto do: ").append(todos.isEmpty() ? "nothing" : todos.size());
        todos.forEach(each -> head.append("\n(").append(each.id()).append(") ").append(each.sentence()));
        if (!todos.isEmpty()) {
            head.append(
                    "\nValues go into a <properties> of a file that includes this one, or here: docs/migrating.md.");
        }
        return new Writer().document(root, head.toString());
    }
}
