package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sendport.api.settings.Origin;
import io.sendport.config.ConsoleSettings;
import io.sendport.console.access.Authenticator;
import io.sendport.console.access.Role;
import io.sendport.console.access.SessionCookie;
import io.sendport.console.api.Api;
import io.sendport.console.api.ConfigurationAccess;
import io.sendport.console.api.Events;
import io.sendport.console.http.Route;
import io.sendport.host.box.MessageState;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.pipeline.Extensions;
import io.sendport.testing.Patience;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP API of a host, asked as any program asks it. */
@Timeout(300)
class ApiIT {

    private static final String HOSTS = """
            <host name='H'><auditRelay embedded='true'/></host>
            <sendPort name='Invoices' host='H' application='Billing'>
              <mail from='a@corp.example' to='anna.smith@customer.example' subject='Invoice'/></sendPort>
            <sendPort name='Finance' host='H' initialState='stopped'>
              <limits maxMessageSize='2KB'/>
              <mail from='a@corp.example' to='bert@customer.example' subject='Report'/></sendPort>
            """;
    private static final String NAMES = "anna.smith|bert@|Acme";

    private static final List<Route> ROUTES = Api.routes(
            Optional::empty,
            new ConfigurationAccess(
                    () -> {
                        throw new IllegalStateException("nobody asks");
                    },
                    Extensions.of(Path.of("plugins"))),
            new Events(Optional::empty),
            () -> {});

    @TempDir
    private Path folder;

    private ServedApi api;
    private String submitter;
    private String viewer;
    private String reader;
    private String operator;
    private String auditor;

    @BeforeEach
    void start() throws Exception {
        api = new ServedApi(folder, HOSTS);
        submitter = api.token("billing", "submitter");
        viewer = api.token("screen", "viewer");
        reader = api.token("support", "reader");
        operator = api.token("night-shift", "operator");
        auditor = api.token("audit", "auditor");
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
    }

    private String submitted(String query, String body) throws Exception {
        HttpResponse<String> answer = api.post(submitter, "/messages?" + query, body);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        return ServedApi.json(answer).path("items").path(0).path("id").asText();
    }

    private List<AuditRecord> records(Kind kind) {
        List<AuditRecord> found = new ArrayList<>();
        api.host.process().box().ledger().read(AuditFilter.all().ofKinds(List.of(kind)), found::add);
        return found;
    }

    @Test
    void storesAndRecordsAMessageBeforeItAnswers() throws Exception {
        HttpResponse<String> answer = api.send(
                api.request(submitter, "/messages?port=Invoices&name=a.xml&wait=30s&property=Customer=Acme%20%26%20Co")
                        .header("Content-Type", "application/xml")
                        .header("Sendport-Property", "Invoice No=4711%25") // refused below: a name has no spaces
                        .POST(HttpRequest.BodyPublishers.ofString("<invoice/>"))
                        .build());
        assertThat(answer.statusCode()).isEqualTo(400);
        answer = api.send(
                api.request(submitter, "/messages?port=Invoices&name=a.xml&wait=30s&property=Customer=Acme%20%26%20Co")
                        .header("Content-Type", "application/xml")
                        .header("Sendport-Property", "InvoiceNo=4711%25")
                        .POST(HttpRequest.BodyPublishers.ofString("<invoice/>"))
                        .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = ServedApi.json(answer).path("items").path(0).path("id").asText();
        assertThat(answer.headers().firstValue("Location")).contains("/api/v1/messages/" + id);
        assertThat(ServedApi.json(answer).path("items").path(0).path("state").asText())
                .isEqualTo("done");
        JsonNode own = api.json(submitter, "/messages/" + id);
        assertThat(own.path("properties").path("Customer").asText()).isEqualTo("Acme & Co");
        assertThat(own.path("properties").path("InvoiceNo").asText()).isEqualTo("4711%");
        assertThat(own.path("properties").path("MIME.FileName").asText()).isEqualTo("a.xml");
        assertThat(records(Kind.SUBMITTED)).singleElement().satisfies(record -> assertThat(record.detail("actor"))
                .isEqualTo("billing (token) by api"));
    }

    @Test
    void returnsTheFirstMessageForARepeatedIdempotencyKey() throws Exception {
        HttpRequest first = keyed("<a/>");
        HttpResponse<String> one = api.send(first);
        HttpResponse<String> again = api.send(first);
        assertThat(one.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(ServedApi.json(again).path("items").path(0).path("duplicate").asBoolean())
                .isTrue();
        assertThat(ServedApi.json(again).path("items").path(0).path("id"))
                .isEqualTo(ServedApi.json(one).path("items").path(0).path("id"));
        assertThat(api.send(keyed("<b/>")).statusCode()).isEqualTo(409);
    }

    private HttpRequest keyed(String body) {
        return api.request(submitter, "/messages?port=Finance")
                .header("Idempotency-Key", "invoice-4711")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    @Test
    void showsTheMailInADryRunAndStoresNothing() throws Exception {
        JsonNode dry = ServedApi.json(api.post(submitter, "/messages?port=Invoices&dryRun=true", "the invoice"));
        assertThat(dry.path("items")).hasSize(1);
        assertThat(dry.path("items").path(0).path("mail").asText())
                .contains("Subject: Invoice")
                .contains("To: anna.smith@customer.example");
        assertThat(api.json(viewer, "/messages").path("items")).isEmpty();
        assertThat(api.post(submitter, "/messages?dryRun=true", "x").statusCode())
                .isEqualTo(400);
    }

    @Test
    void takesAFormWithPropertiesAndSeveralParts() throws Exception {
        String form = "--b\r\nContent-Disposition: form-data; name=\"property\"\r\n\r\nNo=1\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"rechnung \u00FC.xml\"\r\nContent-Type: application/xml\r\n\r\n<a/>\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"more\"; filename=\"terms.txt\"\r\n\r\nNet 30\r\n--b--\r\n";
        HttpResponse<String> answer = api.send(api.request(submitter, "/messages?port=Finance")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        String id = ServedApi.json(answer).path("items").path(0).path("id").asText();
        JsonNode details = api.json(reader, "/messages/" + id);
        assertThat(details.path("properties").path("No").asText()).isEqualTo("1");
        assertThat(details.path("properties").path("MIME.FileName").asText()).isEqualTo("rechnung \u00FC.xml");
        assertThat(api.get(reader, "/messages/" + id + "/parts/2").body()).isEqualTo("Net 30");
        assertThat(api.get(reader, "/messages/" + id + "/parts/3").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesAMessageThatIsLargerThanItsPortTakes() throws Exception {
        assertThat(api.post(submitter, "/messages?port=Finance", "x".repeat(2_049))
                        .statusCode())
                .isEqualTo(413);
        assertThat(api.json(viewer, "/messages").path("items")).isEmpty();
    }

    /** A list of routes and roles that stands twice is right in one place only. */
    @Test
    void describesEveryRouteWithItsRoles() {
        Set<String> served = new TreeSet<>();
        List<Route> all = new ArrayList<>(ROUTES);
        ConsoleSettings nobody = new ConsoleSettings(
                "127.0.0.1",
                0,
                Set.of(),
                Optional.empty(),
                Path.of("tokens"),
                Optional.empty(),
                new Origin(Path.of("x"), 1, 1));
        Authenticator gate = new Authenticator(nobody, Optional::empty, Clock.systemUTC());
        all.addAll(Api.open(Optional::empty, new SessionCookie(false), gate));
        all.addAll(Api.session(Optional::empty, new SessionCookie(false), gate));
        for (Route each : all) {
            served.add(each.method() + " " + each.template() + " "
                    + new TreeSet<>(each.roles().stream().map(Role::word).toList()));
        }
        Set<String> described = new TreeSet<>();
        api.description().path("paths").properties().forEach(path -> path.getValue()
                .properties()
                .forEach(operation -> {
                    Set<String> roles = new TreeSet<>();
                    operation.getValue().path("x-roles").forEach(role -> roles.add(role.asText()));
                    described.add(
                            operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey() + " " + roles);
                }));
        assertThat(described).isEqualTo(served);
    }

    @Test
    void servesEveryRouteOnlyToItsRoles() throws Exception {
        for (Role role : Role.values()) {
            String token = api.token("only-" + role.word(), role.word());
            for (Route each : ROUTES) {
                String path = each.template()
                        .substring(ServedApi.ROOT.length())
                        .replace("{id}", "00000000-0000-8000-8000-000000000000")
                        .replace("{place}", "0:999999")
                        .replaceAll("\\{\\w+}", "none");
                HttpRequest.BodyPublisher nothing = HttpRequest.BodyPublishers.noBody();
                // An operator submits only to try a port out.
                String query = path.endsWith("reload")
                        ? "?dryRun=true"
                        : role == Role.OPERATOR && path.equals("/messages") ? "?redirectTo=me@corp.example" : "";
                boolean isKnown = query.isEmpty() || each.method().equals("POST");
                int status = api.status(api.request(token, path + (isKnown ? query : ""))
                        .method(each.method(), nothing)
                        .build());
                boolean may = each.roles().isEmpty() || each.roles().stream().anyMatch(role::includes);
                assertThat(status == 403)
                        .as(role + " " + each.method() + " " + path + ": " + status)
                        .isEqualTo(!may);
                assertThat(status).as(each.method() + " " + path).isNotIn(401, 500, 503);
            }
        }
        for (Route each : ROUTES) {
            int status = api.send(api.request(
                                    "",
                                    each.template()
                                            .substring(ServedApi.ROOT.length())
                                            .replaceAll("\\{\\w+}", "x"))
                            .method(each.method(), HttpRequest.BodyPublishers.noBody())
                            .build())
                    .statusCode();
            assertThat(status).as(each.template()).isEqualTo(401);
        }
    }

    @Test
    void streamsEventsWithIdsAndWithoutNames() throws Exception {
        String first = submitted("port=Invoices&wait=30s", "x");
        List<String> seen = new ArrayList<>();
        HttpRequest listening = api.request(viewer, "/events").GET().build();
        try (java.util.stream.Stream<String> lines = api.lines(listening)) {
            java.util.Iterator<String> events = lines.iterator();
            assertThat(events.next()).startsWith(": ");
            String id = submitted("port=Invoices&wait=30s", "y");
            String line = "";
            while (!line.contains("ACCEPTED")) {
                line = events.next();
                seen.add(line);
            }
            assertThat(line).contains(id);
            assertThat(String.join("", seen)).doesNotContain(first).doesNotContainPattern(NAMES);
        }
        HttpRequest again = api.request(viewer, "/events")
                .header("Last-Event-ID", "0:1")
                .GET()
                .build();
        try (java.util.stream.Stream<String> lines = api.lines(again)) {
            assertThat(lines.anyMatch(line -> line.contains("SUBMITTED") && line.contains(first)))
                    .as("what was missed")
                    .isTrue();
        }
    }

    @Test
    void answersRequestsWhileManyClientsListenForEvents() throws Exception {
        List<java.util.stream.Stream<String>> open = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            open.add(api.lines(api.request(viewer, "/events").GET().build()));
        }
        assertThat(api.status(api.request(viewer, "/events").GET().build())).isEqualTo(503);
        assertThat(api.get(viewer, "/status").statusCode()).isEqualTo(200);
        open.forEach(java.util.stream.Stream::close);
    }

    @Test
    void showsPseudonymsToAllButReaders() throws Exception {
        String id = submitted("port=Invoices&wait=30s&property=Customer=Acme", "text");
        api.host.await(new io.sendport.api.message.MessageId(id), row -> row.state() == MessageState.DONE);
        for (String token : List.of(viewer, operator)) {
            for (String path :
                    List.of("/messages", "/messages/" + id, "/messages/" + id + "/life", "/status", "/ports")) {
                assertThat(api.get(token, path).body())
                        .as(path)
                        .doesNotContainPattern(NAMES)
                        .contains("");
            }
            assertThat(api.get(token, "/messages?recipient=anna.smith@customer.example")
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(records(Kind.READ)).isEmpty();
        assertThat(api.get(reader, "/messages/" + id).body()).containsPattern(NAMES);
        assertThat(api.get(reader, "/messages/" + id + "/life").body()).containsPattern(NAMES);
        assertThat(api.json(reader, "/messages?recipient=anna.smith@customer.example")
                        .path("items"))
                .hasSize(1);
        assertThat(records(Kind.READ)).hasSize(3).allSatisfy(record -> assertThat(record.detail("actor"))
                .isEqualTo("support (token) by api from 127.0.0.1"));
        assertThat(api.get(reader, "/messages/" + id + "?masked=true").body()).doesNotContainPattern(NAMES);
        assertThat(records(Kind.READ)).hasSize(3);
    }

    @Test
    void recordsEachReadOfContent() throws Exception {
        String id = submitted("port=Finance", "the invoice");
        for (String path : List.of("/content", "/parts/1", "/deliveries/1")) {
            assertThat(api.get(operator, "/messages/" + id + path).statusCode()).isEqualTo(403);
        }
        assertThat(api.get(reader, "/messages/" + id + "/parts/1").body()).isEqualTo("the invoice");
        assertThat(api.get(reader, "/messages/" + id + "/content").statusCode()).isEqualTo(200);
        assertThat(records(Kind.READ)).hasSize(2).allSatisfy(record -> assertThat(record.header("message"))
                .isEqualTo(id));
    }

    @Test
    void showsSubmittersOnlyTheirOwnMessages() throws Exception {
        String id = submitted("port=Finance", "x");
        String other = api.token("other", "submitter");
        assertThat(api.get(submitter, "/messages/" + id).statusCode()).isEqualTo(200);
        assertThat(api.get(other, "/messages/" + id).statusCode()).isEqualTo(404);
        assertThat(api.get(submitter, "/messages").statusCode()).isEqualTo(403);
    }

    @Test
    void limitsARoleToItsPorts() throws Exception {
        String invoice = submitted("port=Invoices&wait=30s", "x");
        String report = submitted("port=Finance", "x");
        String bound = api.token("bound", "operator:Inv*,reader:application=Billing,submitter:Invoices");
        assertThat(api.json(bound, "/messages").path("items"))
                .singleElement()
                .satisfies(each -> assertThat(each.path("id").asText()).isEqualTo(invoice));
        assertThat(api.json(bound, "/ports").path("items")).hasSize(1);
        assertThat(api.get(bound, "/messages?port=Finance").statusCode()).isEqualTo(403);
        assertThat(api.get(bound, "/messages/" + report).statusCode()).isEqualTo(404);
        assertThat(api.get(bound, "/messages/" + report + "/parts/1").statusCode())
                .isEqualTo(404);
        assertThat(api.post(bound, "/messages/" + report + "/terminate", "").statusCode())
                .isEqualTo(404);
        assertThat(api.post(bound, "/ports/Finance/start", "").statusCode()).isEqualTo(403);
        assertThat(api.post(bound, "/messages?port=Finance", "x").statusCode()).isEqualTo(403);
        assertThat(api.post(bound, "/messages", "x").statusCode()).isEqualTo(403);
        assertThat(api.post(bound, "/ports/Invoices/stop", "").statusCode()).isEqualTo(200);
        assertThat(api.post(bound, "/messages/" + invoice + "/resubmit", "{\"port\": \"Finance\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void keepsTheContentOfAMessageOnHoldUntilItsRelease() throws Exception {
        String id = submitted("port=Finance", "x");
        JsonNode held = ServedApi.json(api.post(operator, "/messages/" + id + "/hold", "{\"reason\": \"case 17\"}"));
        assertThat(held.path("message").path("hold").path("reason").asText()).isEqualTo("case 17");
        assertThat(api.post(operator, "/messages/" + id + "/terminate", "").statusCode())
                .isEqualTo(200);
        assertThat(api.json(operator, "/messages?held=true").path("items"))
                .singleElement()
                .satisfies(each -> assertThat(each.path("id").asText()).isEqualTo(id));
        assertThat(api.get(reader, "/messages/" + id + "/parts/1").body()).isEqualTo("x");
        assertThat(api.post(operator, "/messages/" + id + "/release", "").statusCode())
                .isEqualTo(200);
        assertThat(api.get(reader, "/messages/" + id + "/parts/1").statusCode()).isEqualTo(409);
        assertThat(records(Kind.HELD)).hasSize(1);
        assertThat(records(Kind.RELEASED)).hasSize(1);
    }

    @Test
    void keepsAValidTraceParentAndDropsAnInvalidOne() throws Exception {
        String submitter = api.token("traced", "submitter");
        String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        for (String given : List.of(parent, "nonsense")) {
            HttpResponse<String> answer = api.send(api.request(submitter, "/messages?port=Finance")
                    .header("traceparent", given)
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build());
            assertThat(answer.statusCode()).isEqualTo(201);
            String id = ServedApi.json(answer).path("items").get(0).path("id").asText();
            assertThat(api.json(reader, "/messages/" + id)
                            .path("properties")
                            .path("Trace.Parent")
                            .asText(""))
                    .isEqualTo(given.equals(parent) ? parent : "");
        }
    }

    @Test
    void stopsAllPortsOfAHost() throws Exception {
        String bound = api.token("bound", "operator:Inv*");
        String host =
                api.json(operator, "/ports").path("items").get(0).path("host").asText();
        assertThat(api.post(bound, "/hosts/" + host + "/stop", "").statusCode()).isEqualTo(403);
        assertThat(api.post(operator, "/hosts/Nowhere/stop", "").statusCode()).isEqualTo(404);
        assertThat(api.post(operator, "/hosts/" + host + "/stop", "").statusCode())
                .isEqualTo(200);
        assertThat(api.json(operator, "/ports").path("items"))
                .filteredOn(each -> each.path("host").asText().equals(host))
                .allSatisfy(each -> assertThat(each.path("state").asText()).isNotEqualTo("started"));
    }

    @Test
    void actsOnlyOnTheVersionThatWasRead() throws Exception {
        String id = submitted("port=Finance", "x");
        HttpResponse<String> seen = api.get(operator, "/messages/" + id);
        String tag = seen.headers().firstValue("ETag").orElseThrow();
        assertThat(api.send(api.request(operator, "/messages/" + id)
                                .header("If-None-Match", tag)
                                .GET()
                                .build())
                        .statusCode())
                .isEqualTo(304);
        assertThat(api.post(operator, "/messages/" + id + "/suspend", "{\"reason\": \"wrong amount\"}")
                        .statusCode())
                .isEqualTo(200);
        HttpRequest late = api.request(operator, "/messages/" + id + "/terminate")
                .header("If-Match", tag)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(api.send(late).statusCode()).isEqualTo(412);
        assertThat(api.post(operator, "/messages/" + id + "/suspend", "").statusCode())
                .isEqualTo(409);
        assertThat(api.post(operator, "/messages/" + id + "/terminate", "").statusCode())
                .isEqualTo(200);
        assertThat(records(Kind.SUSPENDED)).singleElement().satisfies(record -> {
            assertThat(record.detail("actor")).isEqualTo("night-shift (token) by api from 127.0.0.1");
            assertThat(record.detail("reason")).isEqualTo("wrong amount");
        });
        HttpResponse<String> again = api.post(operator, "/messages/" + id + "/resubmit", "");
        assertThat(again.statusCode()).as("its parts are gone").isEqualTo(409);
    }

    @Test
    void pagesThroughALongListWithoutLossOrRepetition() throws Exception {
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < 7; i++) {
            ids.add(submitted("port=Finance", "x" + i));
        }
        Set<String> seen = new LinkedHashSet<>();
        String next = "";
        do {
            JsonNode page = api.json(viewer, "/messages?limit=3" + (next.isEmpty() ? "" : "&after=" + next));
            page.path("items")
                    .forEach(each ->
                            assertThat(seen.add(each.path("id").asText())).isTrue());
            assertThat(page.path("complete").asBoolean()).isTrue();
            next = page.path("next").asText("");
        } while (!next.isEmpty() && !next.equals("null"));
        assertThat(new TreeSet<>(seen)).isEqualTo(ids);
        HttpResponse<String> lines = api.send(api.request(viewer, "/messages")
                .header("Accept", "application/jsonl")
                .GET()
                .build());
        assertThat(lines.body().lines()).hasSize(7);
        assertThat(api.json(viewer, "/messages/counts?by=port,state")
                        .path("items")
                        .path(0)
                        .path("count")
                        .asInt())
                .isEqualTo(7);
        assertThat(api.get(viewer, "/messages?limit=501").statusCode()).isEqualTo(400);
        assertThat(api.get(viewer, "/messages?sate=done").statusCode())
                .as("misspelt")
                .isEqualTo(400);
    }

    @Test
    void provesRecordsOfTheLedger() throws Exception {
        submitted("port=Invoices&wait=30s", "x");
        JsonNode page = api.json(auditor, "/audit/records?kind=ACCEPTED");
        assertThat(page.path("items")).hasSize(1);
        JsonNode record = page.path("items").path(0);
        JsonNode proof = api.json(
                auditor,
                "/audit/records/" + record.path("lane").asText() + ":"
                        + record.path("seq").asText());
        assertThat(proof.path("proof").path("header").asText()).contains("ACCEPTED");
        JsonNode verification = ServedApi.json(api.post(auditor, "/audit/verifications", ""));
        assertThat(verification.path("clean").asBoolean())
                .as(verification.toString())
                .isTrue();
        assertThat(api.json(auditor, "/audit/report").path("counts")).isNotEmpty();
        assertThat(api.get(auditor, "/audit/export").body().lines())
                .hasSizeGreaterThan(3)
                .allMatch(line -> line.contains("\"proof\""));
        String bound = api.token("bound", "auditor:Invoices");
        assertThat(api.get(bound, "/audit/records").statusCode()).isEqualTo(403);
    }

    @Test
    void reportsProblemsOfAPostedConfiguration() throws Exception {
        String admin = api.token("root", "admin");
        String xml =
                "<sendport xmlns='urn:sendport:config:1'><host name='H'><smtp host='h' port='25' tls='none'/></host>"
                        + "<sendPort name='P' host='Q'><mail from='{{env:HOME}}' to='b@c.example'/></sendPort></sendport>";
        JsonNode answer = ServedApi.json(api.post(admin, "/configuration/validations", xml));
        assertThat(answer.path("valid").asBoolean()).isFalse();
        assertThat(answer.toString()).contains("does not exist").doesNotContain(System.getenv("HOME"));
        for (String reading : List.of(
                "<include file='/etc/*'/>",
                "<s:include xmlns:s='urn:sendport:config:1' file='/etc/passwd'/>",
                "<properties file='/etc/passwd'/>")) {
            assertThat(api.post(admin, "/configuration/validations", xml.replace("<host name", reading + "<host name"))
                            .statusCode())
                    .as(reading)
                    .isEqualTo(400);
        }
        JsonNode own = api.json(admin, "/configuration");
        assertThat(own.path("ports")).hasSize(2);
        assertThat(own.path("ports").path(0).path("settings").toString()).contains("anna.smith@customer.example");
    }

    @Test
    void doctorChecksOnlyConfiguredServers() throws Exception {
        assertThat(api.post(operator, "/doctor?server=10.0.0.1:25", "").statusCode())
                .isEqualTo(400);
        assertThat(api.post(operator, "/doctor?port=Nothing", "").statusCode()).isEqualTo(404);
        HttpResponse<String> answer = api.post(operator, "/doctor", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().lines()).last().asString().contains("\"good\"");
    }

    /** A dry run must never act, however its parameter is written. */
    @Test
    void refusesUnknownParametersAndInvalidFlags() throws Exception {
        String id = submitted("port=Finance", "x");
        for (String path : List.of(
                "/messages?port=Finance&dryRun=1",
                "/ports/Finance/start?dryRun=yes",
                "/ports/Finance/start?dryrun=true",
                "/hosts/H/stop?dry-run=true",
                "/messages/" + id + "/terminate?dryRun=true",
                "/messages/acts?act=terminate&port=Finance&held=yes")) {
            String token = path.startsWith("/messages?") ? submitter : operator;
            HttpResponse<String> answer = api.post(token, path, "{}");
            assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(400);
        }
        assertThat(api.get(viewer, "/status?x=1").statusCode()).isEqualTo(400);
        assertThat(records(Kind.TERMINATED)).isEmpty();
        assertThat(records(Kind.SUBMITTED)).hasSize(1);
        assertThat(api.json(viewer, "/ports/Finance").path("state").asText()).isEqualTo("stopped");
    }

    @Test
    void findsByErrorAndRelayWithARoleLimitedToSomePorts() throws Exception {
        submitted("port=Invoices&wait=30s", "x");
        String bound = api.token("bound-reader", "reader:Inv*");
        assertThat(api.json(bound, "/messages?relay=127.0.0.1").path("items")).hasSize(1);
        assertThat(api.json(bound, "/messages?relay=127.0.0.1&error=50%25").path("items"))
                .isEmpty();
        assertThat(api.json(bound, "/messages?error=550&port=Invoices").path("items"))
                .isEmpty();
    }

    @Test
    void refusesToResubmitAMessageThatHasChanged() throws Exception {
        String both = api.token("both", "operator,reader");
        String id = submitted("port=Finance", "x");
        String tag =
                api.get(viewer, "/messages/" + id).headers().firstValue("ETag").orElseThrow();
        api.post(operator, "/messages/" + id + "/suspend", "");
        HttpRequest stale = api.request(both, "/messages/" + id + "/resubmit")
                .header("If-Match", tag)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(api.send(stale).statusCode()).isEqualTo(412);
        assertThat(records(Kind.SUBMITTED)).hasSize(1);
    }

    @Test
    void refusesToReassembleWithoutRevealingNames() throws Exception {
        String id = submitted("port=Invoices&wait=30s", "x");
        HttpResponse<String> refused = api.post(operator, "/messages/" + id + "/resume", "{\"reassemble\":true}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).doesNotContainPattern(NAMES);
        assertThat(api.json(viewer, "/messages/" + id)
                        .path("message")
                        .path("resumable")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void checksLiteralValuesButNotPlaceholders() throws Exception {
        String admin = api.token("root", "admin");
        String xml =
                "<sendport xmlns='urn:sendport:config:1'><properties><property name='dom' value='c.example'/></properties>"
                        + "<host name='H'><smtp host='h' port='{{env:PORT}}' tls='{{env:TLS}}'/></host>"
                        + "<sendPort name='P' host='H'><mail from='a@{{dom}}' to='{{env:RCPT}}'/></sendPort></sendport>";
        JsonNode answer = ServedApi.json(api.post(admin, "/configuration/validations", xml));
        assertThat(answer.path("valid").asBoolean()).as(answer.toString()).isTrue();
        assertThat(ServedApi.json(api.post(admin, "/configuration/validations", xml.replace("{{env:TLS}}", "perhaps")))
                        .path("valid")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void letsOnlyOperatorsSendATestMessage() throws Exception {
        String submitter = api.token("only-submits", "submitter");
        assertThat(api.post(submitter, "/messages?port=Invoices&redirectTo=me@elsewhere.example", "x")
                        .statusCode())
                .isEqualTo(403);
        assertThat(api.post(operator, "/messages?port=Invoices", "x").statusCode())
                .as("an operator submits nothing to the recipients of the port")
                .isEqualTo(403);
        assertThat(api.post(submitter, "/messages?port=Invoices&to=me@elsewhere.example", "x")
                        .body())
                .contains("port Invoices has fixed recipients");
        assertThat(api.post(operator, "/messages?port=Invoices&redirectTo=nobody", "x")
                        .statusCode())
                .isEqualTo(400);
        HttpResponse<String> tried =
                api.post(operator, "/messages?port=Invoices&redirectTo=me@elsewhere.example&wait=30s", "x");
        assertThat(tried.statusCode()).as(tried.body()).isEqualTo(200);
        assertThat(records(Kind.ACCEPTED)).singleElement().satisfies(record -> assertThat(
                        record.secret().toString())
                .contains("me@elsewhere.example")
                .doesNotContainPattern(NAMES));
    }

    @Test
    void actsOnAllMatchingMessagesAfterConfirmation() throws Exception {
        for (int i = 0; i < 3; i++) {
            submitted("port=Finance", "x" + i);
        }
        assertThat(api.post(operator, "/messages/acts?act=terminate", "").statusCode())
                .as("no filter")
                .isEqualTo(400);
        JsonNode proposal = ServedApi.json(
                api.post(operator, "/messages/acts?act=terminate&port=Finance", "{\"reason\": \"sent by hand\"}"));
        assertThat(proposal.path("count").asInt()).isEqualTo(3);
        assertThat(proposal.path("sample")).hasSize(3);
        assertThat(proposal.toString()).doesNotContainPattern(NAMES);
        String path = "/messages/acts/" + proposal.path("id").asText();
        assertThat(api.post(operator, path + "/run", "{\"confirm\": \"0\"}").statusCode())
                .isEqualTo(409);
        assertThat(records(Kind.TERMINATED)).isEmpty();
        assertThat(api.post(
                                operator,
                                path + "/run",
                                "{\"confirm\": \"" + proposal.path("confirm").asText() + "\"}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(ended(path).path("done").asInt()).isEqualTo(3);
        assertThat(ended(path).path("search").toString()).isEqualTo("{\"port\":[\"Finance\"]}");
        assertThat(records(Kind.TERMINATED)).hasSize(3).allSatisfy(record -> assertThat(record.detail("reason"))
                .isEqualTo("sent by hand"));
        String other = api.token("other", "operator:Invoices");
        assertThat(api.get(other, path).statusCode()).isEqualTo(404);
        assertThat(api.post(other, "/messages/acts?act=suspend&port=Finance", "")
                        .statusCode())
                .isEqualTo(403);
    }

    private JsonNode ended(String path) throws Exception {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        JsonNode act = api.json(operator, path);
        while (!List.of("done", "stopped").contains(act.path("state").asText()) && System.nanoTime() - deadline < 0) {
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(50);
            act = api.json(operator, path);
        }
        return act;
    }

    @Test
    void stopsABulkActWhenItsTokenIsRevoked() throws Exception {
        submitted("port=Finance", "x");
        String gone = api.token("gone", "operator");
        JsonNode proposal = ServedApi.json(api.post(gone, "/messages/acts?act=terminate&port=Finance", ""));
        // As if the process had died right after the confirmation.
        new io.sendport.console.access.TokenFile(api.tokens).revoke("gone");
        assertThat(api.host
                        .process()
                        .box()
                        .bulkActs()
                        .confirm(
                                proposal.path("id").asText(),
                                proposal.path("confirm").asText(),
                                Optional.empty()))
                .isEmpty();
        JsonNode ended = ended("/messages/acts/" + proposal.path("id").asText());
        assertThat(ended.path("state").asText()).isEqualTo("stopped");
        assertThat(ended.path("why").asText()).contains("revoked");
        assertThat(records(Kind.TERMINATED)).isEmpty();
    }

    @Test
    void refusesARevokedOrExpiredTokenAtOnce() throws Exception {
        String expired =
                api.token("expired", "viewer", Optional.of(Instant.now().minusSeconds(1)));
        assertThat(api.get(expired, "/status").statusCode()).isEqualTo(401);
        assertThat(api.get(viewer, "/status").statusCode()).isEqualTo(200);
        new io.sendport.console.access.TokenFile(api.tokens).revoke("screen");
        assertThat(api.get(viewer, "/status").statusCode()).isEqualTo(401);
        assertThat(java.nio.file.Files.readString(api.tokens))
                .doesNotContain(reader)
                .doesNotContain("spt_");
        assertThat(records(Kind.ACCESS)).hasSize(2);
    }
}
