package io.sendport.console.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sendport.console.access.Role;
import io.sendport.console.api.InProcessApi;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Route;
import io.sendport.host.ledger.Kind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ledger pages: search, one record with its proof, daily report, verification and comparisons with an archive. */
final class AuditPages {

    private final Renderer renderer;
    private final InProcessApi api;

    AuditPages(Renderer renderer, InProcessApi api) {
        this.renderer = renderer;
        this.api = api;
    }

    /** The parameters that say what somebody is looking for. */
    private static final Set<String> SEARCHED = Set.of(
            "kind",
            "port",
            "message",
            "messageId",
            "queueId",
            "recipient",
            "subject",
            "sender",
            "actor",
            "relay",
            "error",
            "property",
            "application");

    /** Work with the console adds many records of reads, which would hide the others. */
    private static final List<String> WITHOUT_READS = Arrays.stream(Kind.values())
            .filter(kind -> kind != Kind.READ)
            .map(Kind::name)
            .toList();

    List<Route> routes() {
        return List.of(
                new Route("GET", "/audit", Set.of(Role.AUDITOR), this::search),
                new Route("GET", "/audit/records/{place}", Set.of(Role.AUDITOR), this::record),
                new Route("GET", "/audit/report", Set.of(Role.AUDITOR), this::report),
                new Route("GET", "/audit/reconciliations", Set.of(Role.AUDITOR), this::reconciliations),
                new Route("GET", "/audit/verification", Set.of(Role.AUDITOR), this::verification),
                new Route("POST", "/audit/verification", Set.of(Role.AUDITOR), this::verify));
    }

    private Answer search(Call call) throws Exception {
        Filter filter = Filter.of(call);
        boolean leavesOutReads = !filter.has(SEARCHED);
        Filter asked = leavesOutReads ? filter.with("kind", WITHOUT_READS) : filter;
        JsonNode found = api.get(call, List.of("audit", "records"), asked.fields());
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("filter", filter);
        model.put("leavesOutReads", leavesOutReads);
        model.put("records", found.path("items"));
        model.put("complete", found.path("complete").asBoolean());
        model.put("next", older("/audit", filter, found));
        return renderer.page(call, Section.AUDIT, "audit.jte", model);
    }

    private Answer record(Call call) throws Exception {
        JsonNode record = api.get(call, List.of("audit", "records", call.path("place")), Map.of());
        return renderer.page(
                call,
                Section.AUDIT,
                "Record " + call.path("place"),
                Optional.empty(),
                "record.jte",
                Map.of("record", record));
    }

    private Answer report(Call call) throws Exception {
        Filter filter = Filter.of(call).without(Filter.FIGURES);
        JsonNode report = call.query(Filter.FIGURES).isPresent()
                ? api.get(call, List.of("audit", "report"), filter.fields())
                : MissingNode.getInstance();
        return renderer.page(
                call,
                Section.AUDIT,
                "Daily report",
                Optional.empty(),
                "report.jte",
                Map.of("filter", filter, "report", report));
    }

    private Answer reconciliations(Call call) throws Exception {
        Filter filter = Filter.of(call).with("kind", "RECONCILED");
        JsonNode found = api.get(call, List.of("audit", "records"), filter.fields());
        return renderer.page(
                call,
                Section.AUDIT,
                "Comparisons with the relay's archive",
                Optional.empty(),
                "reconciliations.jte",
                Map.of(
                        "records",
                        found.path("items"),
                        "next",
                        older("/audit/reconciliations", filter.without("kind"), found)));
    }

    /** The address of the page with older records than those found; empty when there are none. */
    private static String older(String address, Filter filter, JsonNode found) {
        JsonNode next = found.path("next");
        return next.isTextual() ? address + filter.with("after", next.asText()).parameters("?") : "";
    }

    private Answer verification(Call call) throws Exception {
        return verification(call, List.of(), api.get(call, List.of("audit", "verifications"), Map.of()));
    }

    private Answer verify(Call call) throws Exception {
        JsonNode report = api.post(call, List.of("audit", "verifications"), Map.of(), Map.of());
        return verification(call, List.of(report), api.get(call, List.of("audit", "verifications"), Map.of()));
    }

    private Answer verification(Call call, List<JsonNode> reports, JsonNode underWay) {
        return renderer.page(
                call,
                Section.AUDIT,
                "Verify the ledger",
                Optional.empty(),
                "verification.jte",
                Map.of("reports", reports, "underWay", underWay));
    }
}
