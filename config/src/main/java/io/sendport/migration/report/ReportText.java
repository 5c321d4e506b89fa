package io.sendport.migration.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Formats the report for people: the findings for each port, and then the next steps. */
public final class ReportText {

    private ReportText() {}

    /** All lines, with {@code configuration} as the name of the written file. */
    public static List<String> lines(Report report, String configuration) {
        List<String> lines = new ArrayList<>();
        for (Map<String, Object> each : report.summaries()) {
            lines.add(each.get("file") + ": " + each.get("what"));
            StringBuilder counts = new StringBuilder("  ");
            each.forEach((name, count) -> {
                if (count instanceof Integer number && number > 0) {
                    counts.append(counts.length() > 2 ? ", " : "").append(counted(number, words(name)));
                }
            });
            lines.add(counts.length() > 2 ? counts.toString() : "  nothing that sends mail");
        }
        for (PortLine port : report.ports()) {
            lines.add((port.source().equals(port.name()) ? "port " : port.source() + "  ->  port ") + '"' + port.name()
                    + "\", host " + port.host());
            findings(report, port.name(), lines);
            port.fedBy().forEach(each -> lines.add("  fed by   " + each));
        }
        for (String name : report.otherNames()) {
            lines.add("group \"" + name + "\"");
            findings(report, name, lines);
        }
        if (report.findings().stream().anyMatch(each -> each.port().isEmpty())) {
            lines.add("not mail, or not part of a port");
            findings(report, "", lines);
        }
        if (!report.todos().isEmpty()) {
            lines.add("To do, " + report.todos().size() + ":");
            report.todos().forEach(each -> lines.add("  (" + each.id() + ") " + each.sentence()));
        }
        if (report.findings().stream()
                .anyMatch(each -> each.rule() == Rule.BT_SERVER_HANDLER
                        || each.rule() == Rule.BT_AUTH_HANDLER
                        || each.rule() == Rule.BT_FROM_HANDLER)) {
            lines.add(
                    "To export the handlers' settings, run this PowerShell on the BizTalk server, then import again with handlers.xml as a further FILE:");
            HandlerExport.SCRIPT.forEach(each -> lines.add("  " + each));
        }
        if (!report.ports().isEmpty()) {
            lines.add("Every port is stopped or unenlisted, so nothing is sent yet. Then:");
            lines.add("  sendport validate -c " + configuration + " && sendport doctor -c " + configuration);
            report.submits().forEach(each -> lines.add("  sendport submit -c " + configuration + " " + each));
            lines.add("If a file of your own includes this one, name that file after -c.");
            lines.add("For the next steps see docs/migrating.md.");
        }
        return lines;
    }

    private static String counted(int number, String plural) {
        return number + " " + (number == 1 ? plural.replaceFirst("ies$", "y").replaceFirst("s$", "") : plural);
    }

    private static String words(String name) {
        return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    private static void findings(Report report, String port, List<String> lines) {
        int exact = 0;
        for (Finding each : report.ofPort(port)) {
            if (each.rule().outcome() == Outcome.EXACT && each.rule().severity() == Severity.INFO) {
                exact++;
                continue;
            }
            StringBuilder line = new StringBuilder(String.format(
                    Locale.ROOT,
                    "  %-8s %s:%d:%d  %s",
                    each.rule().word(),
                    each.file(),
                    each.line(),
                    each.column(),
                    each.path()));
            if (!each.value().isEmpty()) {
                line.append(" \"").append(each.value()).append('"');
            }
            if (!each.target().isEmpty()) {
                line.append("  ->  ").append(each.target());
            }
            line.append(each.message().isEmpty() ? "" : "; " + each.message());
            line.append(each.advice().isEmpty() ? "" : "; " + each.advice());
            lines.add(line + "  [" + each.rule().code() + "]");
        }
        if (exact > 0) {
            lines.add("  exact    " + exact + (exact == 1 ? " property" : " properties") + " (--json lists them)");
        }
    }
}
