package io.sendport.console.api;

import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.DayReport;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Times;
import io.sendport.host.operate.VerificationReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The audit ledger for auditors: unmasked records with their proofs. */
final class AuditResource {

    private final Supplier<Operations> operations;
    private final OneAtATime verifying = new OneAtATime("this instance is already verifying the ledger", 10);
    /** The number of records that the current verification has found valid so far. */
    private final AtomicLong verified = new AtomicLong();

    private final OneAtATime reporting = new OneAtATime("this instance is already creating a report", 10);

    AuditResource(Supplier<Operations> operations) {
        this.operations = operations;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/api/v1/audit/records", Set.of(Role.AUDITOR), this::search),
                new Route("GET", "/api/v1/audit/records/{place}", Set.of(Role.AUDITOR), this::show),
                new Route("GET", "/api/v1/audit/export", Set.of(Role.AUDITOR), this::export),
                new Route("GET", "/api/v1/audit/report", Set.of(Role.AUDITOR), this::report),
                new Route("GET", "/api/v1/audit/verifications", Set.of(Role.AUDITOR), this::progress),
                new Route("POST", "/api/v1/audit/verifications", Set.of(Role.AUDITOR), this::verify));
    }

    /** Requires the role at all ports. All ports share one chain, so a part of the ledger cannot be proved separately. */
    private Operations authorized(Call call) {
        Operations all = operations.get();
        Rights.requireEverywhere(call, all, Role.AUDITOR, "all ports share one ledger");
        return all;
    }

    private Answer search(Call call) {
        Operations all = authorized(call);
        AuditFilter filter = Filters.records(call, all);
        List<Long> after = after(call);
        all.accessLog().reading(call.caller().actor(""), "records of the ledger");
        if (call.header("Accept").filter(each -> each.contains("jsonl")).isPresent()) {
            return PagedLines.of(
                    place -> {
                        Ledger.Newest page = all.audit()
                                .newest(filter, place.orElse(List.of()), PagedLines.SIZE, PagedLines.TIMEOUT);
                        return new PagedLines.Page<>(
                                page.records(),
                                Optional.of(page.next()).filter(next -> !next.isEmpty()),
                                page.isWhole());
                    },
                    Optional.of(after).filter(place -> !place.isEmpty()));
        }
        Ledger.Newest page = all.audit().newest(filter, after, Filters.limit(call), MessagesResource.TIMEOUT);
        return Answer.json(new Items(
                page.records(),
                page.next().isEmpty()
                        ? Optional.empty()
                        : Optional.of(page.next().stream().map(String::valueOf).collect(Collectors.joining("."))),
                page.isWhole()));
    }

    private static List<Long> after(Call call) {
        Optional<String> text = call.query("after");
        if (text.isPresent() && !text.get().matches("\\d{1,19}(\\.\\d{1,19}){0,999}")) {
            throw Filters.notAPosition(text.get());
        }
        try {
            return text.stream()
                    .flatMap(each -> Arrays.stream(each.split("\\.")))
                    .map(Long::valueOf)
                    .toList();
        } catch (NumberFormatException e) {
            throw Filters.notAPosition(text.orElse(""));
        }
    }

    private Answer show(Call call) {
        Operations all = authorized(call);
        AuditRecord record = all.audit().record(call.path("place"));
        all.accessLog().reading(call.caller().actor(""), "record " + record.lane() + ":" + record.seq());
        return Answer.json(all.audit().proof(record).json());
    }

    private Answer export(Call call) {
        Operations all = authorized(call);
        AuditFilter filter = Filters.records(call, all);
        all.accessLog().reading(call.caller().actor(""), "export of the ledger");
        return Answer.lines(out -> all.audit().export(filter, each -> {
            try {
                out.write(Answer.line(each.proof().get()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
    }

    private Answer report(Call call) {
        Operations all = authorized(call);
        ZoneId zone = zone(call);
        LocalDate day = LocalDate.ofInstant(
                Times.parse(call.query("day").orElse("today"), all.clock().instant(), zone), zone);
        all.accessLog().reading(call.caller().actor(""), "report of " + day);
        reporting.begin();
        DayReport report;
        try {
            report = all.audit().report(day, zone);
        } finally {
            reporting.end();
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("day", day.toString());
        json.put("zone", zone.getId());
        json.put(
                "counts",
                report.counts().entrySet().stream().map(AuditResource::counts).toList());
        json.put("failures", report.failures());
        json.put("acts", report.acts());
        return Answer.json(json);
    }

    private static ZoneId zone(Call call) {
        try {
            return call.query("zone").map(ZoneId::of).orElse(ZoneOffset.UTC);
        } catch (java.time.DateTimeException e) {
            throw ProblemException.invalid("zone \"" + call.query("zone").orElse("")
                    + "\" is not a time zone; use, for example, Europe/Berlin");
        }
    }

    private static Map<String, Object> counts(Map.Entry<String, ? extends Map<?, Long>> port) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("port", port.getKey().isEmpty() ? null : port.getKey());
        port.getValue().forEach((kind, count) -> line.put(String.valueOf(kind), count));
        return line;
    }

    private Answer progress(Call call) {
        authorized(call);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("underWay", verifying.isUnderWay());
        json.put("records", verified.get());
        return Answer.json(json);
    }

    /** Runs one verification at a time, since it reads the whole ledger. */
    private Answer verify(Call call) throws IOException {
        Operations all = authorized(call);
        Fields fields = Fields.of(call, "keys", "accept");
        List<String> keys = fields.list("keys");
        Set<String> accepted = Set.copyOf(new ArrayList<>(fields.list("accept")));
        verifying.begin();
        try {
            verified.set(0);
            long started = System.nanoTime();
            VerificationReport report = all.audit().verify(keys, accepted, verified::set);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("clean", report.isClean());
            json.putAll(report.asMap((System.nanoTime() - started) / 1e9));
            return Answer.json(json);
        } finally {
            verifying.end();
        }
    }
}
