package io.sendport.migration.report;

import io.sendport.migration.source.Node;
import io.sendport.support.text.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Everything reported about an import, in the order of the files. Not thread-safe. */
public final class Report {

    private static final Pattern SECRET = Pattern.compile("(?i)password|pwd|secret|token|passphrase|.*key$");
    private static final int MAX_LENGTH = 200;

    private final List<Map<String, Object>> summaries = new ArrayList<>();
    private final List<PortLine> ports = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, List<Finding>> byPort = new LinkedHashMap<>();
    private final Map<String, Todo> todos = new LinkedHashMap<>();
    private final List<String> submits = new ArrayList<>();

    /** Whether the value of something with that name must not be shown. */
    public static boolean isSecret(String name) {
        return SECRET.matcher(name).find();
    }

    /** Adds the counts of a file. */
    public void summary(Map<String, Object> counts) {
        summaries.add(new LinkedHashMap<>(counts));
    }

    public void port(PortLine port) {
        ports.add(port);
    }

    /** The arguments of {@code sendport submit} for a port, with a value for each property. */
    public static String arguments(String port, Collection<String> properties) {
        StringBuilder arguments = new StringBuilder("--port \"" + port + "\"");
        properties.forEach(each -> arguments.append(" --set ").append(each).append("=\"...\""));
        return arguments.toString();
    }

    /** Adds the arguments of a {@code sendport submit} command for the next steps at the end of the report. */
    public void submit(String arguments) {
        submits.add(arguments);
    }

    /** Adds a finding. The value of a secret name is masked, and every value is cut. */
    public void add(
            Rule rule,
            String file,
            Node at,
            String path,
            String value,
            String target,
            String message,
            String advice,
            String port) {
        String shown = isSecret(path.substring(path.lastIndexOf('/') + 1)) && !value.isEmpty()
                ? "***"
                : Text.printable(value, MAX_LENGTH);
        Finding finding = new Finding(
                rule,
                file,
                at.line(),
                at.column(),
                Text.printable(path, MAX_LENGTH),
                shown,
                Text.printable(target, MAX_LENGTH),
                Text.printable(message, 4 * MAX_LENGTH),
                Text.printable(advice, 4 * MAX_LENGTH),
                port);
        findings.add(finding);
        byPort.computeIfAbsent(port, key -> new ArrayList<>()).add(finding);
    }

    /** Adds something that a person must supply. Repeating it adds the port to those that wait for it. */
    public Todo todo(Todo.Kind kind, String name, String message, String file, String port) {
        Todo todo = todos.computeIfAbsent(
                kind + " " + name,
                key -> new Todo(
                        todos.size() + 1,
                        kind,
                        Text.printable(name, MAX_LENGTH),
                        Text.printable(message, 4 * MAX_LENGTH)));
        todo.add(file, port);
        return todo;
    }

    public List<PortLine> ports() {
        return List.copyOf(ports);
    }

    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    public List<Todo> todos() {
        return List.copyOf(todos.values());
    }

    /** What a person must supply, by the ports that need it. */
    public Map<String, List<Todo>> todosByPort() {
        Map<String, List<Todo>> all = new LinkedHashMap<>();
        todos.values().forEach(todo -> todo.ports().forEach(port -> all.computeIfAbsent(port, key -> new ArrayList<>())
                .add(todo)));
        return all;
    }

    /** The arguments of each {@code sendport submit} command for the next steps. */
    public List<String> submits() {
        return List.copyOf(submits);
    }

    /** Names in findings that are not names of ports: names of groups. */
    List<String> otherNames() {
        List<String> names = new ArrayList<>(byPort.keySet());
        names.remove("");
        ports.forEach(port -> names.remove(port.name()));
        return names;
    }

    /** The counts of each file. */
    public List<Map<String, Object>> summaries() {
        return List.copyOf(summaries);
    }

    /** Whether nothing is left to do, nothing was refused, and at least one port was written. */
    public boolean isComplete() {
        return todos.isEmpty()
                && !ports.isEmpty()
                && findings.stream().noneMatch(each -> each.rule().severity() == Severity.ERROR);
    }

    /** The findings of a port, in their order. */
    List<Finding> ofPort(String port) {
        return byPort.getOrDefault(port, List.of());
    }

    /** The outcome of a port: the worst of its findings. */
    public String outcome(String port) {
        List<Outcome> all =
                ofPort(port).stream().map(each -> each.rule().outcome()).toList();
        Outcome worst = all.contains(Outcome.REFUSED)
                ? Outcome.REFUSED
                : all.contains(Outcome.TODO)
                        ? Outcome.TODO
                        : all.contains(Outcome.APPROX) ? Outcome.APPROX : Outcome.EXACT;
        return worst.name().toLowerCase(Locale.ROOT);
    }

    /** The report as objects, one for each line of JSON. */
    public List<Map<String, Object>> objects() {
        List<Map<String, Object>> all = new ArrayList<>();
        summaries.forEach(each -> {
            Map<String, Object> map = typed("summary");
            map.putAll(each);
            all.add(map);
        });
        for (PortLine each : ports) {
            Map<String, Object> map = typed("port");
            map.put("name", each.name());
            map.put("source", each.source());
            map.put("file", each.file());
            map.put("line", each.line());
            map.put("column", each.column());
            map.put("class", outcome(each.name()));
            map.put("host", each.host());
            map.put("fedBy", each.fedBy());
            all.add(map);
        }
        for (Finding each : findings) {
            Map<String, Object> map = typed("finding");
            map.put("severity", each.rule().severity().name().toLowerCase(Locale.ROOT));
            map.put("class", each.rule().word());
            map.put("code", each.rule().code());
            map.put("file", each.file());
            map.put("line", each.line());
            map.put("column", each.column());
            map.put("path", each.path());
            map.put("source", each.rule().source());
            map.put("value", each.value());
            map.put("target", each.target());
            map.put("message", each.message());
            map.put("advice", each.advice());
            map.put("port", each.port());
            all.add(map);
        }
        for (Todo each : todos.values()) {
            Map<String, Object> map = typed("todo");
            map.put("id", each.id());
            map.put("kind", each.kind().word());
            map.put("name", each.name());
            map.put("files", List.copyOf(each.files()));
            map.put("ports", List.copyOf(each.ports()));
            map.put("message", each.message());
            all.add(map);
        }
        return all;
    }

    private static Map<String, Object> typed(String type) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("type", type);
        return map;
    }
}
