package io.sendport.cli.audit;

import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.Output;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.DayReport;
import io.sendport.host.ledger.Kind;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Times;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport audit report}. */
@Command(
        name = "report",
        description = "Reports one day: counts by port and outcome, failures, operator acts and system events.",
        footer = {
            "",
            "Examples:",
            "  sendport audit report",
            "  sendport audit report --day 2026-11-21 --format html > report.html"
        })
final class AuditReportCommand implements Callable<Integer> {

    /** The columns of the table, in order. */
    private static final List<Kind> COLUMNS = List.of(
            Kind.SUBMITTED,
            Kind.DUPLICATE,
            Kind.ATTEMPT_STARTED,
            Kind.ACCEPTED,
            Kind.DEFERRED,
            Kind.REFUSED,
            Kind.IN_DOUBT,
            Kind.SUSPENDED,
            Kind.CONSUMED,
            Kind.TERMINATED);

    private static final List<String> RECORD_HEADINGS = List.of("record", "at", "kind", "port", "message", "what");

    private static final String ACTS = "Operator acts and system events";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private CommonOptions setup;

    @Option(
            names = "--day",
            paramLabel = "T",
            defaultValue = "today",
            description = "The day, in the time zone of this machine. Default: ${DEFAULT-VALUE}.")
    private String day = "today";

    @Option(
            names = "--format",
            paramLabel = "F",
            defaultValue = "text",
            description = "text or html. Default: ${DEFAULT-VALUE}.")
    private String format = "text";

    @Override
    public Integer call() {
        if (!List.of("text", "html").contains(format)) {
            throw new UsageException("--format " + format + " is not supported; use text or html");
        }
        ZoneId zone = ZoneId.systemDefault();
        LocalDate date = LocalDate.ofInstant(Times.parse(day, Instant.now(), zone), zone);
        try (Operations operations = setup.reading()) {
            DayReport report = operations.audit().report(date, zone);
            PrintWriter out = spec.commandLine().getOut();
            if (setup.json()) {
                json(report, out);
            } else if (format.equals("html")) {
                html(report, out);
            } else {
                text(report, out);
            }
            return ExitStatus.DONE;
        }
    }

    private static void json(DayReport report, PrintWriter out) {
        report.counts().forEach((port, counts) -> {
            Map<String, Object> line = new TreeMap<>();
            line.put("day", report.day().toString());
            line.put("port", port.isEmpty() ? null : port);
            counts.forEach((kind, count) -> line.put(kind.name(), count));
            out.println(Json.write(line));
        });
        report.failures().forEach(each -> out.println(Json.write(each.asMap())));
        report.acts().forEach(each -> out.println(Json.write(each.asMap())));
    }

    private static void text(DayReport report, PrintWriter out) {
        out.println(title(report));
        out.println();
        Output.table(out, headings(), rows(report));
        section(out, failures(report), report.failures());
        section(out, ACTS, report.acts());
    }

    private static void section(PrintWriter out, String heading, List<AuditRecord> records) {
        if (!records.isEmpty()) {
            out.println();
            out.println(heading);
            Output.table(
                    out,
                    RECORD_HEADINGS,
                    records.stream().map(AuditReportCommand::cells).toList());
        }
    }

    private static String title(DayReport report) {
        return "Ledger of " + report.day() + " (" + report.zone() + ")";
    }

    private static String failures(DayReport report) {
        long all = report.failureCount();
        return "Failures: " + all
                + (all > report.failures().size()
                        ? ", of which the first " + report.failures().size() + " are listed"
                        : "");
    }

    private static List<String> headings() {
        List<String> headings = new ArrayList<>(List.of("port"));
        COLUMNS.forEach(
                kind -> headings.add(kind.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        return headings;
    }

    private static List<List<String>> rows(DayReport report) {
        List<List<String>> rows = new ArrayList<>();
        for (String port : report.counts().keySet()) {
            if (!port.isEmpty()) {
                List<String> row = new ArrayList<>(List.of(port));
                COLUMNS.forEach(kind -> row.add(Long.toString(report.count(port, kind))));
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<String> cells(AuditRecord each) {
        return List.of(
                each.lane() + ":" + each.seq(),
                Output.time(each.at()),
                each.header("kind"),
                each.header("port").isEmpty() ? each.header("host") : each.header("port"),
                each.header("message"),
                RecordText.of(each));
    }

    private static void html(DayReport report, PrintWriter out) {
        out.println("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(title(report))
                + "</title><style>body{font-family:sans-serif}td,th{padding:.2em .6em;text-align:left;border-bottom:1px solid #ccc}"
                + "</style></head><body><h1>" + escaped(title(report)) + "</h1>");
        table(out, headings(), rows(report));
        out.println("<h2>" + escaped(failures(report)) + "</h2>");
        table(
                out,
                RECORD_HEADINGS,
                report.failures().stream().map(AuditReportCommand::cells).toList());
        out.println("<h2>" + ACTS + "</h2>");
        table(
                out,
                RECORD_HEADINGS,
                report.acts().stream().map(AuditReportCommand::cells).toList());
        out.println("</body></html>");
    }

    private static void table(PrintWriter out, List<String> headings, List<List<String>> rows) {
        out.println("<table>");
        row(out, "th", headings);
        rows.forEach(each -> row(out, "td", each));
        out.println("</table>");
    }

    private static void row(PrintWriter out, String element, List<String> cells) {
        StringBuilder line = new StringBuilder("<tr>");
        cells.forEach(cell -> line.append('<')
                .append(element)
                .append('>')
                .append(escaped(cell))
                .append("</")
                .append(element)
                .append('>'));
        out.println(line.append("</tr>"));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
