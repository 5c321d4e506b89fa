package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.reconcile.Reconciliation;
import io.sendport.host.operate.Audit;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console as a browser sees it, without one: logging on, reading pages, and what other sites try. */
@Timeout(300)
class ConsolePagesIT {

    private static final String HOSTS = """
            <host name='H'><auditRelay embedded='true'/></host>
            <sendPort name='Invoices' host='H'>
              <mail from='a@corp.example' to='anna.smith@customer.example' subject='Invoice'/></sendPort>
            <sendPort name='Stopped' host='H' initialState='stopped'>
              <mail from='a@corp.example' to='b@customer.example' subject='s'/></sendPort>
            """;

    @TempDir
    private Path folder;

    private ServedApi api;

    @BeforeEach
    void start() throws Exception {
        api = new ServedApi(folder, HOSTS);
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
    }

    private HttpResponse<String> logOn(String secret, String... more) throws Exception {
        HttpRequest.Builder request = api.request("", "/session").header("X-Sendport-Csrf", "1");
        for (int i = 0; i < more.length; i += 2) {
            request.header(more[i], more[i + 1]);
        }
        return api.send(request.POST(HttpRequest.BodyPublishers.ofString("{\"secret\": \"" + secret + "\"}"))
                .build());
    }

    private String cookie(String roles) throws Exception {
        HttpResponse<String> answer = logOn(api.linkSecret(roles));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict").contains("Path=/");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private HttpResponse<String> page(String cookie, String path) throws Exception {
        HttpRequest.Builder request = api.page(path).header("Accept", "text/html");
        return api.send((cookie.isEmpty() ? request : request.header("Cookie", cookie))
                .GET()
                .build());
    }

    /** Submits "x" and returns the id of the message. */
    private String submitted(String path) throws Exception {
        return ServedApi.json(api.post(api.token("billing", "submitter"), path, "x"))
                .path("items")
                .path(0)
                .path("id")
                .asText();
    }

    @Test
    void aLinkLogsOnOnlyOnce() throws Exception {
        String secret = api.linkSecret("operator");
        assertThat(logOn(secret).statusCode()).isEqualTo(200);
        assertThat(logOn(secret).statusCode()).as("a second time").isEqualTo(401);
        assertThat(logOn("spt_guess").statusCode()).isEqualTo(401);
        List<String> told = new ArrayList<>();
        api.host
                .process()
                .box()
                .ledger()
                .read(AuditFilter.all().ofKinds(List.of(Kind.ACCESS)), each -> told.add(each.detail("detail")));
        assertThat(told).contains("logged on with operator").doesNotContain(secret);
    }

    @Test
    void neverReusesASessionFromBeforeTheLogOn() throws Exception {
        String planted = "sendport=" + "A".repeat(43);
        HttpResponse<String> answer = logOn(api.linkSecret("operator"), "Cookie", planted);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).doesNotContain("A".repeat(43));
        assertThat(page(planted, "/").statusCode()).isEqualTo(303);
    }

    @Test
    void redirectsUnauthenticatedRequestsToTheLogOnPage() throws Exception {
        HttpResponse<String> answer = page("", "/messages");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/login");
        assertThat(page("", "/login").body()).contains("sendport console");
        assertThat(page("", "/assets/console.css").statusCode()).isEqualTo(200);
        assertThat(page("", "/assets/..%2fPages.class").statusCode()).isGreaterThanOrEqualTo(400);
    }

    @Test
    void refusesCrossSiteRequests() throws Exception {
        String cookie = cookie("operator");
        HttpRequest.Builder stop = api.request("", "/ports/Invoices/stop").header("Cookie", cookie);
        assertThat(api.send(stop.POST(HttpRequest.BodyPublishers.noBody()).build())
                        .statusCode())
                .as("a form of another site has no field of its own")
                .isEqualTo(403);
        HttpRequest.Builder cross = api.request("", "/ports/Invoices/stop")
                .header("Cookie", cookie)
                .header("X-Sendport-Csrf", "1")
                .header("Sec-Fetch-Site", "cross-site");
        assertThat(api.send(cross.POST(HttpRequest.BodyPublishers.noBody()).build())
                        .statusCode())
                .isEqualTo(403);
        HttpRequest.Builder own = api.request("", "/ports/Invoices/stop")
                .header("Cookie", cookie)
                .header("X-Sendport-Csrf", "1")
                .header("Sec-Fetch-Site", "same-origin");
        assertThat(api.send(own.POST(HttpRequest.BodyPublishers.noBody()).build())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void loggingOffEndsTheSessionEverywhere() throws Exception {
        String cookie = cookie("operator");
        assertThat(page(cookie, "/").statusCode()).isEqualTo(200);
        HttpRequest off = api.request("", "/session")
                .header("Cookie", cookie)
                .header("X-Sendport-Csrf", "1")
                .DELETE()
                .build();
        assertThat(api.send(off).headers().firstValue("Set-Cookie").orElseThrow())
                .contains("Max-Age=0");
        assertThat(page(cookie, "/").statusCode()).isEqualTo(303);
    }

    @Test
    void showsMessagesWithPseudonymsToAllButReaders() throws Exception {
        String id = submitted("/messages?port=Invoices&wait=30s&property=Customer=Acme");
        String operator = cookie("operator");
        HttpResponse<String> overview = page(operator, "/");
        assertThat(overview.body()).contains("<h1>Overview</h1>").contains(">Invoices</a>");
        assertThat(overview.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'")
                .doesNotContain("unsafe");
        assertThat(page(operator, "/messages?state=done").body())
                .contains(id.substring(0, 8))
                .contains("hmac:")
                .doesNotContain("anna.smith");
        assertThat(page(cookie("reader"), "/messages?state=done").body())
                .contains("anna.smith@customer.example")
                .contains("250 ");
        assertThat(page(operator, "/messages/" + id).body())
                .contains("accepted")
                .doesNotContain("anna.smith")
                .doesNotContain("Acme");
        assertThat(page(cookie("reader"), "/messages/" + id).body())
                .contains("anna.smith@customer.example")
                .contains("Acme");
    }

    @Test
    void sendsATestMessageToOneAddressAndMarksIt() throws Exception {
        String cookie = cookie("operator,reader");
        HttpRequest test = api.page("/test")
                .header("Accept", "text/html")
                .header("Cookie", cookie)
                .header("X-Sendport-Csrf", "1")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "port=Invoices&to=me%40corp.example&properties=Customer%3DAcme&text=hello"))
                .build();
        HttpResponse<String> sent = api.send(test);
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
        Matcher id = Pattern.compile("href=\"/messages/([0-9a-f-]{36})\"").matcher(sent.body());
        assertThat(id.find()).as(sent.body()).isTrue();
        assertThat(page(cookie, "/messages/" + id.group(1)).body())
                .contains("A test message:")
                .contains("RCPT TO:&lt;me@corp.example&gt;")
                .contains("Acme")
                .doesNotContain("RCPT TO:&lt;anna.smith");
        String other = submitted("/messages?port=Invoices&wait=30s");
        assertThat(page(cookie, "/messages/" + other).body()).doesNotContain("A test message:");
    }

    @Test
    void escapesMarkupFromMessagesAndSearches() throws Exception {
        String id = submitted(
                "/messages?port=Stopped&property=Evil=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%20onload%3D%22x");
        String body = page(cookie("reader"), "/messages/" + id).body();
        assertThat(body).contains("&lt;script&gt;alert(1)").doesNotContain("<script>alert");
        String search = page(cookie("reader"), "/messages?port=%22%3E%3Cscript%3Ealert(1)%3C/script%3E*")
                .body();
        assertThat(search).doesNotContain("<script>alert");
    }

    @Test
    void aRoleOpensItsPagesAndNoOthers() throws Exception {
        Map<String, Set<String>> pages = new LinkedHashMap<>();
        pages.put("/", Set.of("viewer", "reader", "operator", "auditor", "admin"));
        pages.put("/ports", Set.of("viewer", "reader", "operator", "auditor", "admin"));
        pages.put("/ports/Invoices", Set.of("viewer", "reader", "operator", "auditor", "admin"));
        pages.put("/messages", Set.of("viewer", "reader", "operator", "auditor", "admin"));
        pages.put("/messages/counts", Set.of("viewer", "reader", "operator", "auditor", "admin"));
        pages.put("/acts", Set.of("operator"));
        pages.put("/audit", Set.of("auditor"));
        pages.put("/audit/report", Set.of("auditor"));
        pages.put("/audit/verification", Set.of("auditor"));
        pages.put("/audit/reconciliations", Set.of("auditor"));
        pages.put("/doctor", Set.of("operator"));
        pages.put("/configuration", Set.of("admin"));
        pages.put("/configuration/validation", Set.of("admin"));
        pages.put("/test", Set.of("operator"));
        for (String role : List.of("viewer", "reader", "operator", "auditor", "admin", "submitter")) {
            String cookie = cookie(role);
            for (Map.Entry<String, Set<String>> each : pages.entrySet()) {
                HttpResponse<String> answer = page(cookie, each.getKey());
                assertThat(answer.statusCode())
                        .as(role + " at " + each.getKey())
                        .isEqualTo(each.getValue().contains(role) ? 200 : 403);
                Jsoup.parse(answer.body()).select("nav a").forEach(link -> assertThat(pages.get(link.attr("href")))
                        .as("the navigation of " + role + " leads to " + link.attr("href"))
                        .contains(role));
            }
        }
    }

    @Test
    void showsFormsOnlyToRolesThatMayAct() throws Exception {
        assertThat(Jsoup.parse(page(cookie("viewer"), "/ports/Invoices").body()).select("form.act"))
                .isEmpty();
        assertThat(Jsoup.parse(page(cookie("operator"), "/ports/Invoices").body())
                        .select("form.act button")
                        .eachAttr("formaction"))
                .containsExactly("/ports/Invoices/stop", "/ports/Invoices/unenlist");
    }

    @Test
    void showsWhyAMessageWaitsAndLinksTheNextStep() throws Exception {
        String id = submitted("/messages?port=Stopped");
        String cookie = cookie("operator");
        Document message = Jsoup.parse(page(cookie, "/messages/" + id).body());
        assertThat(message.select(".wait").text())
                .isEqualTo("The message waits because its port is stopped. Port Stopped");
        Document overview = Jsoup.parse(page(cookie, "/").body());
        assertThat(overview.select(".conditions a[href=/ports/Stopped]").text()).startsWith("Start port Stopped");
        assertThat(Jsoup.parse(page(cookie("viewer"), "/").body())
                        .select(".conditions a[href=/ports/Stopped]")
                        .text())
                .as("who may not start it")
                .startsWith("Port Stopped");
    }

    @Test
    void aPageThatIsRefusedHasTheMenuOfTheCaller() throws Exception {
        HttpResponse<String> refused = page(cookie("viewer"), "/audit");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(Jsoup.parse(refused.body()).select("nav a").eachAttr("href"))
                .containsExactly("/", "/ports", "/messages");
    }

    @Test
    void refusesAFormWithoutTheCsrfHeader() throws Exception {
        HttpRequest.Builder stop = api.page("/ports/Invoices/stop")
                .header("Cookie", cookie("operator"))
                .header("Content-Type", "application/x-www-form-urlencoded");
        assertThat(api.send(stop.POST(HttpRequest.BodyPublishers.ofString("reason=x"))
                                .build())
                        .statusCode())
                .isEqualTo(403);
    }

    private HttpResponse<String> form(String cookie, String path, String fields) throws Exception {
        HttpRequest.Builder request = api.page(path)
                .header("Cookie", cookie)
                .header("X-Sendport-Csrf", "1")
                .header("Content-Type", "application/x-www-form-urlencoded");
        return api.send(
                request.POST(HttpRequest.BodyPublishers.ofString(fields)).build());
    }

    @Test
    void aMessageIsSuspendedResumedTerminatedAndResubmittedOnItsPage() throws Exception {
        String id = submitted("/messages?port=Stopped&property=Customer=Acme");
        String cookie = cookie("operator,reader");
        assertThat(Jsoup.parse(form(cookie, "/messages/" + id + "/suspend", "reason=wait")
                                .body())
                        .select("#said")
                        .text())
                .isEqualTo("The message is suspended now.");
        HttpResponse<String> again = form(
                cookie,
                "/messages/" + id + "/resubmit",
                "properties=" + URLEncoder.encode("Customer=Other", StandardCharsets.UTF_8));
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        String copy = again.headers().firstValue("HX-Redirect").orElseThrow();
        assertThat(Jsoup.parse(page(cookie, copy).body()).select(".properties").text())
                .contains("Other");
        assertThat(Jsoup.parse(form(cookie, copy + "/terminate", "").body())
                        .select("#said")
                        .text())
                .isEqualTo("The message is terminated now.");
        // Last: once it is sent, its content is deleted, and it can no longer be resubmitted as it was.
        assertThat(Jsoup.parse(form(cookie, "/messages/" + id + "/resume", "reason=go&force=true")
                                .body())
                        .select("#said")
                        .text())
                .startsWith("The message is ");
    }

    @Test
    void showsAMessageOnHoldAndStopsAllPortsOfAHost() throws Exception {
        String id = submitted("/messages?port=Stopped");
        String cookie = cookie("operator,reader");
        Document held = Jsoup.parse(
                form(cookie, "/messages/" + id + "/hold", "reason=case+17").body());
        assertThat(held.select("#said").text()).isEqualTo("The message is on hold now.");
        assertThat(held.text()).contains("case 17. Nothing deletes its content and rows.");
        assertThat(Jsoup.parse(page(cookie, "/messages?held=true").body())
                        .select("tbody tr")
                        .eachText())
                .singleElement()
                .asString()
                .contains("on hold");
        assertThat(Jsoup.parse(form(cookie, "/messages/" + id + "/release", "").body())
                        .select("#said")
                        .text())
                .isEqualTo("The message is not on hold now.");
        assertThat(Jsoup.parse(form(cookie, "/hosts/H/stop", "reason=move").body())
                        .select("#said")
                        .text())
                .isEqualTo("Host H: Invoices is stopped, Stopped is stopped.");
    }

    @Test
    void showsEachConfigurationProblemAtItsLine() throws Exception {
        String xml = "<sendport xmlns='urn:sendport:config:1'>\n<host nmae='H'/>\n</sendport>";
        Document shown = Jsoup.parse(form(
                        cookie("admin"),
                        "/configuration/validation",
                        "xml=" + URLEncoder.encode(xml, StandardCharsets.UTF_8))
                .body());
        assertThat(shown.select("ol.source li[value=2] p.refused").eachText()).anyMatch(each -> each.contains("nmae"));
        assertThat(shown.select("ol.source li[value=1] p.refused")).isEmpty();
    }

    @Test
    void showsConfigurationFilesWithProblemsButWithoutSecrets() throws Exception {
        Path file = folder.resolve("sendport.xml");
        Files.writeString(file, """
                <sendport xmlns='urn:sendport:config:1'>
                <host name='H'><smtp host='mail.corp.example' nmae='x' auth='basic' user='u' password='hunter2-canary'/></host>
                </sendport>
                """);

        String page = page(cookie("admin"), "/configuration").body();

        Document shown = Jsoup.parse(page);
        assertThat(shown.select("summary").eachText()).anyMatch(each -> each.contains("sendport.xml"));
        assertThat(shown.select("details[open] ol.source li[value=2] p.refused").eachText())
                .anyMatch(each -> each.contains("nmae"));
        assertThat(shown.select("ol.source li[value=2] code").text()).contains("password='***'");
        assertThat(page).doesNotContain("hunter2");
    }

    @Test
    void comparisonsWithTheArchiveAreListed() throws Exception {
        assertThat(page(cookie("auditor"), "/audit/reconciliations").body())
                .contains("No comparison is on the ledger.");
        Audit audit = api.host.process().operations().audit();
        Path archive = Files.createDirectory(folder.resolve("archive"));
        Files.writeString(archive.resolve("9.eml"), "Message-ID: <slipped@in.example>\r\n\r\nhello\r\n");
        Reconciliation.Summary summary = audit.reconcile(archive, each -> true, false, each -> {});
        audit.record(summary, archive, "port Invoices", new Actor("anna@desk", "nightly"));

        Document shown =
                Jsoup.parse(page(cookie("auditor"), "/audit/reconciliations").body());

        assertThat(shown.select("tbody tr td").eachText())
                .contains("differences", archive.toString(), "port Invoices")
                .containsSubsequence("0", "0", "1", "0");
        HttpResponse<String> record =
                page(cookie("auditor"), shown.select("tbody th a").attr("href"));
        assertThat(record.statusCode()).isEqualTo(200);
        assertThat(record.body()).contains("nightly");
    }

    @Test
    void figuresThatTakeLongAreLoadedAfterThePage() throws Exception {
        String cookie = cookie("viewer,auditor");
        for (String address :
                List.of("/audit/report?zone=Europe%2FBerlin", "/messages/counts?by=port,state&port=Stopped")) {
            Document first = Jsoup.parse(page(cookie, address).body());
            String figures = first.select("#figures").attr("hx-get");
            assertThat(first.select("#figures a").attr("href")).isEqualTo(figures);
            HttpResponse<String> later = page(cookie, figures);
            assertThat(later.statusCode()).as(figures).isEqualTo(200);
            assertThat(Jsoup.parse(later.body()).select("#figures").text())
                    .containsAnyOf("Counts on ", "No messages match.")
                    .doesNotContain("Show the figures");
        }
    }
}
