package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Kind;
import io.sendport.testing.Deep;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.Skipped;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The console as people use it: with a real browser, a mouse or only a keyboard, in light and dark, at a desk and on a telephone. */
@Timeout(300)
@InTurn
class ConsoleBrowserIT {

    private static final String HOSTS = """
            <host name='H'><auditRelay embedded='true'/></host>
            <pipeline name='Secure'><encode><smime encrypt='true' recipientCertificates='certs'/></encode></pipeline>
            <sendPort name='Invoices' host='H'>
              <mail from='a@corp.example' to='anna.smith@customer.example' subject='Invoice'/></sendPort>
            <sendPort name='Secret' host='H' pipeline='Secure'>
              <mail from='a@corp.example' to='nobody@customer.example' subject='s'/></sendPort>
            <sendPort name='Stopped' host='H' initialState='stopped'>
              <mail from='a@corp.example' to='b@customer.example' subject='s'/></sendPort>
            """;

    private static final String ALL_ROLES = "reader,operator,auditor,admin,submitter";

    @TempDir
    private static Path profile;

    private static @Nullable Browser shared;

    @TempDir
    private Path folder;

    private ServedApi api;
    private Browser browser;

    @AfterAll
    static void closeBrowser() {
        if (shared != null) {
            shared.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        if (!Browser.isInstalled()) {
            Skipped.note("chromium and chromium-driver are not installed, the console was not looked at in a browser");
            Assumptions.abort("no browser");
        }
        Files.createDirectory(folder.resolve("certs"));
        api = new ServedApi(folder, HOSTS);
    }

    @AfterEach
    void stop() throws Exception {
        if (api != null) {
            api.close();
        }
    }

    private Browser logOn(String roles) {
        if (shared == null) {
            shared = Browser.start(profile);
        }
        browser = shared.logOn(api.page("/login").build().uri(), api.linkSecret(roles));
        return browser;
    }

    private String submit(String query, String body) throws Exception {
        String submitter = api.token("billing" + System.nanoTime(), "submitter");
        HttpRequest.Builder request =
                api.request(submitter, "/messages?" + query).header("Content-Type", "text/html; charset=utf-8");
        return ServedApi.json(api.send(
                        request.POST(HttpRequest.BodyPublishers.ofString(body)).build()))
                .path("items")
                .path(0)
                .path("id")
                .asText();
    }

    private List<String> recorded(Kind kind) {
        List<String> told = new ArrayList<>();
        api.host
                .process()
                .box()
                .ledger()
                .read(AuditFilter.all().ofKinds(List.of(kind)), each -> told.add(each.header("message")));
        return told;
    }

    @Test
    void asksForAReloadOnlyAfterAChangeByAnotherUser() throws Exception {
        String changed = "The message has changed. Reload it";
        String id = submit("port=Secret&wait=30s", "the text");
        logOn(ALL_ROLES).open("/messages/" + id).await("main", "Put on hold").click("Put on hold (keep the content)");
        browser.await("main", "The message is on hold now.");
        Patience.whileItHolds("nothing asks for a reload", Duration.ofSeconds(2), () -> !browser.textOf("main", "")
                .contains(changed));
        assertThat(api.send(api.request(api.token("other", "operator"), "/messages/" + id + "/release")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build())
                        .statusCode())
                .isEqualTo(200);
        browser.await("main", changed);
    }

    @Test
    void anOperatorFindsReadsAndResumesSuspendedMessages() throws Exception {
        String id = submit("port=Secret&wait=30s", "the text");
        submit("port=Secret&wait=30s", "another");
        logOn(ALL_ROLES).await("main", "Port Secret: 2 suspended messages").click("Show these messages");
        browser.await("h1", "Messages").await("table", id.substring(0, 8));
        browser.open("/messages/" + id).await("h1", "Message " + id.substring(0, 8));
        assertThat(recorded(Kind.READ)).doesNotContain(id);
        browser.click("Show the content").click("Source of part 1").await("pre", "the text");
        assertThat(recorded(Kind.READ)).contains(id);

        browser.open("/messages?port=Secret&state=suspended").await("h1", "Messages");
        browser.type("form.act input[name=reason]", "certificate comes").click("Count messages");
        browser.await("main", "The search finds 2 messages");
        assertThat(recorded(Kind.RESUMED)).as("before it is confirmed").isEmpty();
        browser.click("Resume 2 messages").await("#progress", "State: done");
        assertThat(recorded(Kind.RESUMED)).hasSize(2);
    }

    @Test
    void anOperatorStopsAndStartsAPortAndSaysWhy() throws Exception {
        logOn("operator").open("/ports/Invoices").await("h1", "Port Invoices");
        browser.type("input[name=reason]", "the relay is moved").click("Stop");
        browser.await("#said", "Port Invoices is stopped now.").await(".figures", "stopped");
        assertThat((Boolean) browser.run("return document.activeElement.id === 'main'"))
                .as("the focus is where it goes on")
                .isTrue();
        browser.click("Start").await("#said", "Port Invoices is started now.");
        List<String> why = new ArrayList<>();
        api.host
                .process()
                .box()
                .ledger()
                .read(AuditFilter.all().ofKinds(List.of(Kind.PORT_STATE)), each -> why.add(each.detail("reason")));
        assertThat(why).contains("the relay is moved");
    }

    @Test
    void showsARefusedActOnThePage() throws Exception {
        logOn("operator").open("/ports/Invoices").await("h1", "Port Invoices");
        api.post(api.token("other", "operator"), "/ports/Invoices/unenlist", "{}");
        browser.click("Stop").await("#said", "cannot be stopped");
        assertThat(browser.shown()).contains("Port Invoices");
    }

    @Test
    void aPortCanBeStoppedByKeyboardAlone() throws Exception {
        logOn("operator").press(Keys.TAB);
        browser.press(Keys.ENTER);
        browser.tabTo("Invoices").press(Keys.ENTER);
        browser.await("h1", "Port Invoices");
        browser.tabTo("reason").press("by keyboard");
        browser.tabTo("Stop").press(Keys.ENTER);
        browser.await("#said", "Port Invoices is stopped now.");
    }

    @Test
    void updatesAnOpenOverviewAutomatically() throws Exception {
        logOn("viewer").await("main", "Delivered in the last minute");
        submit("port=Secret&wait=30s", "x");
        browser.await(".conditions", "Port Secret: 1 suspended message");
    }

    @Test
    void everyPageIsAccessibleInBothThemesAndAtEveryWidth() throws Exception {
        String done = submit("port=Invoices&wait=30s&property=Customer=Acme", "<b>x</b>");
        String suspended = submit("port=Secret&wait=30s&name=page.html", "<h1>Hello</h1>");
        submit("port=Stopped", "x");
        logOn(ALL_ROLES);
        List<String> wrong = new ArrayList<>();
        for (String path : List.of(
                "/",
                "/ports",
                "/ports/Secret",
                "/messages",
                "/messages?state=suspended",
                "/messages/counts?by=port,error",
                "/messages/counts?by=port,error&figures=now",
                "/messages/" + done,
                "/messages/" + suspended,
                "/messages/" + suspended + "/content",
                "/acts",
                "/audit",
                "/audit?kind=ACCEPTED",
                "/audit/records/0:1",
                "/audit/report",
                "/audit/report?figures=now",
                "/audit/verification",
                "/audit/reconciliations",
                "/doctor",
                "/configuration",
                "/configuration/validation",
                "/test",
                "/messages/nothing",
                "/login")) {
            for (String theme : List.of("light", "dark")) {
                browser.theme(theme)
                        .width(theme.equals("dark") ? Browser.NARROW : Browser.WIDE)
                        .open(path);
                boolean isFirstLook = theme.equals("light");
                (isFirstLook || Deep.isOn() ? browser.violations() : browser.violationsOfLook())
                        .forEach(each -> wrong.add(path + " " + theme + ": " + each));
                if (browser.isTooWide()) {
                    wrong.add(path + " has to be moved sideways");
                }
                browser.complaints().stream()
                        .filter(each -> !each.contains("Failed to load resource"))
                        .forEach(each -> wrong.add(path + ": " + each));
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Four minutes, for charts of five points. */
    private void sendForTheCharts() throws Exception {
        long start = System.nanoTime();
        for (long seconds = 0; seconds < 250; seconds = (System.nanoTime() - start) / 1_000_000_000) {
            submit("port=Invoices", "x");
            TimeUnit.MILLISECONDS.sleep(List.of(400L, 150L, 250L, 90L, 120L).get((int) seconds / 60));
        }
        browser.open("/").await(".charts", "Messages delivered");
    }

    /** The pictures of docs/console.md; {@code -Dsendport.pictures=FOLDER} says where to put them. */
    @Test
    void takesTheScreenshotsOfTheDocs() throws Exception {
        Path pictures = Path.of(System.getProperty("sendport.pictures", folder.toString()));
        String id = submit("port=Invoices&wait=30s&property=Customer=Acme", "x");
        submit("port=Secret&wait=30s", "x");
        submit("port=Stopped", "x");
        logOn(ALL_ROLES).width(1200).await(".conditions", "Port Secret");
        assertThat(browser.textOf("main", "")).containsPattern("hmac:[0-9a-f]{8}\\.\\.\\. in ");
        if (System.getProperty("sendport.pictures") != null) {
            sendForTheCharts();
        }
        browser.screenshot(pictures.resolve("console-overview.png"));
        browser.open("/messages/" + id).await("h1", "Message").screenshot(pictures.resolve("console-message.png"));
        assertThat(pictures.resolve("console-overview.png")).isNotEmptyFile();
        for (String name : List.of("console-overview.png", "console-message.png")) {
            assertThat(Path.of("../../docs/images", name)).as("kept in docs").isNotEmptyFile();
        }
    }

    @Test
    void hostileContentHasNoEffectOnAnyPage() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer trap = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        trap.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        trap.start();
        try {
            String lure = "http://127.0.0.1:" + trap.getAddress().getPort();
            String evil = "\"><script>window.hacked=1</script><img src=" + lure + "/i onerror=window.hacked=1>"
                    + "<form action=" + lure + "/f><button>Resume</button></form>\u202eexe.tpircs";
            String property = java.net.URLEncoder.encode(evil, java.nio.charset.StandardCharsets.UTF_8);
            String page =
                    "<html><head><meta http-equiv=refresh content='0;url=" + lure + "/r'><link rel=stylesheet href="
                            + lure + "/c><style>body{background:url(" + lure
                            + "/b)}</style></head><body onload=window.top.hacked=1>"
                            + "<svg onload=window.top.hacked=1><image href=" + lure + "/s /></svg>" + evil
                            + "+ADw-script+AD4-window.top.hacked=1+ADw-/script+AD4-<iframe src=" + lure + "/n></iframe>"
                            + "<p>padding</p>".repeat(800_000) + "</body></html>";
            String id = submit("port=Secret&wait=60s&name=evil.html&property=Evil=" + property, page);
            logOn(ALL_ROLES);
            for (String path : List.of(
                    "/",
                    "/ports/Secret",
                    "/messages",
                    "/messages/" + id,
                    "/messages/" + id + "/content",
                    "/audit",
                    "/messages?port=" + property,
                    "/audit?subject=" + property,
                    "/ports/" + property.replace("+", "%20"))) {
                browser.open(path);
                assertThat(browser.run("return window.hacked")).as(path).isNull();
                assertThat(browser.isTooWide()).as(path).isFalse();
            }
            browser.open("/messages/" + id + "/content").await("main", "evil.html");
            assertThat((Long) browser.run("return document.querySelectorAll('iframe[sandbox=\"\"]').length"))
                    .isEqualTo(1);
            assertThat((String)
                            browser.run("return document.querySelector('iframe').getAttribute('srcdoc').slice(0, 400)"))
                    .startsWith("<html><head><meta http-equiv=refresh")
                    .contains("window.top.hacked=1");
            Patience.until(
                    "the frame", () -> browser.run("return document.readyState").equals("complete"));
            assertThat(asked).as("requests that a page had the browser make").hasValue(0);
        } finally {
            trap.stop(0);
        }
    }
}
