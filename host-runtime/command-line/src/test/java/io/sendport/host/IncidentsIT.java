package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.testing.Deep;
import io.sendport.testing.DocumentedCommands;
import io.sendport.testing.FreePort;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.ServerKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The incidents of docs/operations.md at once, through the shipped script: what status says of each, and that it is silent again afterwards. */
@Timeout(600)
@InTurn
class IncidentsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PAGE = Path.of("../../docs/operations.md");
    private static final String KEEP_TRYING = "<retry count='1000' interval='PT2S'/>";

    @TempDir
    private Path folder;

    private final Map<String, ScriptedServer> servers = new HashMap<>();
    private final int console;
    private Process run;
    private ShownConditions shown;

    IncidentsIT() throws Exception {
        console = FreePort.find();
    }

    @BeforeEach
    void startServers() throws Exception {
        shown = new ShownConditions(folder);
        for (String name : List.of(
                "Good", "Down", "Hung", "Password", "NoTls", "TurnsAway", "Unknown", "Grey", "Large", "Doubt")) {
            servers.put(name, new ScriptedServer());
        }
        servers.put(
                "Expired",
                new ScriptedServer(
                        ServerKey.make(folder, "ip:127.0.0.1", "-20d", 10).context(), true));
        servers.get("Down").close();
        servers.get("Hung").on("GREETING", "HANG");
        servers.get("Password").offering("250-test\r\n250 AUTH PLAIN").on("AUTH", "535 5.7.8 no");
        servers.get("TurnsAway").on("GREETING", "554 5.7.1 not from you");
        servers.get("Unknown").on("RCPT", "550 5.1.1 no such user");
        servers.get("Grey").on("RCPT", "451 4.7.1 greylisted, come back later");
        servers.get("Large").on("DOT", "552 5.3.4 too large");
        servers.get("Doubt").on("DOT", "CLOSE");
        Files.writeString(folder.resolve("m.txt"), "hello");
        Files.writeString(folder.resolve("style.xsl"), """
                <xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>
                <xsl:template match='/'><x/></xsl:template></xsl:stylesheet>""");
        Files.writeString(folder.resolve("feed.xml"), """
                <routes xmlns='http://camel.apache.org/schema/spring'>
                  <route id='broken'><from uri='file:nowhere?directoryMustExist=true&amp;autoCreate=false&amp;startingDirectoryMustExist=false&amp;delay=500'/>
                  <to uri='sendport:Good'/></route></routes>""");
        write("");
    }

    @AfterEach
    void stop() throws Exception {
        if (run != null) {
            run.destroyForcibly();
            Patience.untilEnd(run);
        }
        for (ScriptedServer each : servers.values()) {
            each.close();
        }
    }

    private void write(String more) throws Exception {
        StringBuilder content = new StringBuilder("""
                <sendport xmlns='urn:sendport:config:1'>
                <messageBox url='jdbc:sqlite:var/sendport.db'/>
                <console port='%d'/>
                <pipeline name='Style'><preAssemble><xslt stylesheet='style.xsl'/></preAssemble></pipeline>
                <host name='Mail'><mail from='a@corp.example' to='b@customer.example' subject='s'/>%s
                  <routes file='feed.xml'/></host>
                """.formatted(console, KEEP_TRYING));
        for (String name : List.of("Good", "Down", "Hung", "TurnsAway", "Unknown", "Grey", "Large")) {
            content.append(port(name, servers.get(name), "tls='none'", "", ""));
        }
        content.append(port("Stopped", servers.get("Good"), "tls='none'", "", ""));
        content.append(port("Poison", servers.get("Good"), "tls='none'", " pipeline='Style'", ""));
        content.append(port("NoTls", servers.get("NoTls"), "tls='required'", "", ""));
        content.append(port("Doubt", servers.get("Doubt"), "tls='none'", "", "<retry count='0' inDoubt='hold'/>"));
        content.append(port(
                "Password",
                servers.get("Password"),
                "tls='none' auth='basic' user='u' password='p' allowClearText='true'",
                "",
                ""));
        content.append(port("Expired", servers.get("Expired"), "tls='implicit' trustStore='server.pem'", "", ""));
        content.append(more).append("</sendport>");
        Files.writeString(folder.resolve("sendport.xml"), content);
    }

    private static String port(String name, ScriptedServer server, String smtp, String attributes, String elements) {
        return "<sendPort name='%s' host='Mail'%s><smtp host='127.0.0.1' port='%d' %s/>%s</sendPort>%n"
                .formatted(name, attributes, server.port(), smtp, elements);
    }

    private Installed.Result sendport(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("-c");
        all.add("sendport.xml");
        return Installed.sendport(folder, all.toArray(String[]::new));
    }

    private void start() throws Exception {
        Path log = folder.resolve("run.log");
        Files.deleteIfExists(log);
        run = Installed.start(folder, "", folder.resolve("run.out"), log, "run", "--keep-going", "-c", "sendport.xml");
        Patience.until(
                "the ready line", () -> !run.isAlive() || Installed.read(log).contains("ready after"));
        assertThat(run.isAlive()).as(Installed.read(log)).isTrue();
    }

    private void submit(String port, int times) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("submit", "--port", port));
        for (int i = 0; i < times; i++) {
            arguments.add("m.txt");
        }
        assertThat(sendport(arguments.toArray(String[]::new)).status()).isZero();
    }

    @Test
    void eachIsReportedWithItsNextStepAndEndsWhenFixed() throws Exception {
        write("<sendPort name='Unset' host='Mail'><smtp host='127.0.0.1' port='25' tls='none' auth='basic' user='u'"
                + " password='{{env:NOT_SET_ANYWHERE}}' allowClearText='true'/></sendPort>");
        start();
        assertThat(sendport("ports", "stop", "Stopped", "--reason", "the relay is moved")
                        .status())
                .isZero();
        for (String port : List.of("Down", "TurnsAway", "NoTls", "Password", "Expired")) {
            submit(port, 3);
        }
        for (String port : List.of("Hung", "Stopped", "Unset", "Unknown", "Grey", "Large", "Doubt", "Poison")) {
            submit(port, 1);
        }
        Map<String, String> expected = new TreeMap<>(Map.ofEntries(
                Map.entry("relayUnreachable Down", "attention"),
                Map.entry("relayRefuses TurnsAway", "attention"),
                Map.entry("relayTlsMissing NoTls", "attention"),
                Map.entry("relayCertificateDates Expired", "attention"),
                Map.entry("credentialRefused Password", "attention"),
                Map.entry("relaySilent Hung", "info"),
                Map.entry("relaySilent Doubt", "info"),
                Map.entry("portStopped Stopped", "attention"),
                Map.entry("portMisconfigured Unset", "attention"),
                Map.entry("messagesSuspended Unknown", "attention"),
                Map.entry("messagesSuspended Large", "attention"),
                Map.entry("messagesSuspended Poison", "attention"),
                Map.entry("messagesInDoubt Doubt", "attention"),
                Map.entry("feedFailing", "attention")));
        JsonNode status = shown.await(
                "incidents",
                severities -> severities.entrySet().containsAll(expected.entrySet())
                        && severities.containsKey("messagesDeferred Grey"));
        assertThat(status.path("verdict").asText()).isEqualTo("deliveringWithProblems");
        assertThat(ShownConditions.severities(status)).as("nothing else").hasSize(expected.size() + 1);
        requireTheSameInHealthAndMetrics(status);
        requireTheCausesInTheConsole();
        String hung = sendport("messages", "list", "--port", "Hung", "--json").out();
        assertThat(sendport(
                                "messages",
                                "explain",
                                JSON.readTree(hung).path("id").asText())
                        .out())
                .contains("state        waiting, GREETING at 127.0.0.1:");
        assertThat(asThePageSays("ports show", "Password", "").out()).contains("535 5.7.8 no");
        assertThat(asThePageSays("messages explain", "Unknown", idOf("Unknown", "suspended"))
                        .out())
                .contains("550 5.1.1 no such user");
        assertThat(asThePageSays("replies test", "Grey", "").out()).contains("4xx is deferred");
        assertThat(asThePageSays("messages count", "", "").out()).contains("Poison", "Large");
        Installed.Result doctor = sendport(DocumentedCommands.of(Files.readString(PAGE), "doctor --port", "Down", "")
                .toArray(String[]::new));
        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.out()).contains("no server listens there");
        assertThat(sendport("validate").out()).contains("NOT_SET_ANYWHERE");
        Installed.Result waited = sendport("submit", "--port", "Stopped", "--wait", "4s", "m.txt");
        assertThat(waited.status()).isEqualTo(1);
        assertThat(waited.err())
                .containsOnlyOnce(
                        "is waiting; its port is not started: `sendport ports start Stopped -c sendport.xml`");
        assertThat(sendport("submit", "--port", "Down", "--wait", "4s", "m.txt").err())
                .contains("is retrying: ", "; next attempt at 20");
        assertThat(sendport("submit", "--port", "Grey", "--wait", "2s", "m.txt").err())
                .as("a deferral of one message says nothing about the relay")
                .contains("greylisted", "messages explain")
                .doesNotContain("accepts no mail");
        Installed.Result sent = sendport("submit", "--port", "Good", "--wait", "1m", "m.txt");
        assertThat(sent.status()).isZero();
        assertThat(sent.err()).contains("  b@customer.example  accepted: 250");

        write("<smtpConnection name='S' host='127.0.0.1' tls='sometimes'/>");
        shown.await("the file that is wrong", severities -> severities.containsKey("configurationRejected"));

        mend();
        JsonNode after = shown.await("afterwards", Map::isEmpty);
        assertThat(after.path("verdict").asText()).isEqualTo("delivering");

        run.destroyForcibly();
        Patience.untilEnd(run);
        assertThat(ShownConditions.severities(shown.status())).containsEntry("instanceDied", "attention");
        assertThat(sendport("reload").err()).contains("no instance is running");
        start();
        shown.await("after the restart", Map::isEmpty);
    }

    private void requireTheCausesInTheConsole() throws Exception {
        if (!Deep.isOn()) {
            // Two clicks for each cause, in a browser: more than a minute.
            return;
        }
        ConsoleIncidents.find(
                folder,
                Map.ofEntries(
                        Map.entry("Down", "Connection refused"),
                        Map.entry("TurnsAway", "554 5.7.1 not from you"),
                        Map.entry("NoTls", "STARTTLS"),
                        Map.entry("has expired or is not yet valid", "the server's certificate expired on"),
                        Map.entry("has refused the log-on", "535 5.7.8 no"),
                        Map.entry("Hung", "GREETING"),
                        Map.entry("Stopped", "the relay is moved"),
                        Map.entry("Unset", "NOT_SET_ANYWHERE"),
                        Map.entry("Unknown", "550 5.1.1 no such user"),
                        Map.entry("Large", "552 5.3.4 too large"),
                        Map.entry("Poison", "style.xsl"),
                        Map.entry("Doubt", "the server closed the connection"),
                        Map.entry("Grey", "451 4.7.1 greylisted"),
                        Map.entry("broken", "nowhere")));
    }

    private void requireTheSameInHealthAndMetrics(JsonNode status) throws Exception {
        TreeSet<String> kinds = new TreeSet<>();
        status.path("conditions").forEach(each -> kinds.add(each.path("kind").asText()));
        String log = Installed.read(folder.resolve("run.log"));
        String base = log.substring(log.indexOf("http://"), log.indexOf("/observe/metrics")) + "/observe/";
        HttpClient client = HttpClient.newHttpClient();
        var health =
                client.send(HttpRequest.newBuilder(URI.create(base + "health")).build(), BodyHandlers.ofString());
        assertThat(health.statusCode()).as("it can do its work").isEqualTo(200);
        TreeSet<String> told = new TreeSet<>();
        JSON.readTree(health.body())
                .path("conditions")
                .forEach(each -> told.add(each.path("kind").asText()));
        assertThat(told).isEqualTo(kinds);
        Patience.until(() -> {
            String metrics = client.send(
                            HttpRequest.newBuilder(URI.create(base + "metrics")).build(), BodyHandlers.ofString())
                    .body();
            return kinds.stream().allMatch(kind -> metrics.contains("sendport_condition{kind=\"" + kind + "\""));
        });
    }

    /** Each as docs/operations.md says. */
    private void mend() throws Exception {
        for (String port : List.of("Down", "Hung", "Expired", "NoTls", "TurnsAway")) {
            ScriptedServer broken = servers.put(port, new ScriptedServer());
            broken.close();
        }
        servers.get("Unknown").on("RCPT", "250 ok");
        servers.get("Grey").on("RCPT", "250 ok");
        servers.get("Large").on("DOT", "250 ok");
        servers.get("Doubt").on("DOT", "250 ok");
        submit("Doubt", 1);
        servers.get("Password").on("AUTH", "235 ok");
        Files.createDirectory(folder.resolve("nowhere"));
        write("<sendPort name='Unset' host='Mail'><smtp host='127.0.0.1' port='%d' tls='none'/></sendPort>"
                .formatted(servers.get("Good").port()));
        String content = Files.readString(folder.resolve("sendport.xml"));
        Files.writeString(
                folder.resolve("sendport.xml"),
                content.replace("tls='implicit' trustStore='server.pem'", "tls='none'")
                        .replace("tls='required'", "tls='none'"));
        asThePageSays("reload --reason", "Password", "");
        asThePageSays("ports start", "Stopped", "");
        asThePageSays("messages resolve --delivered", "Doubt", idOf("Doubt", "inDoubt"));
        asThePageSays("messages resume --port", "Unknown", "");
        asThePageSays("messages resume --port", "Large", "");
        asThePageSays("messages terminate", "Poison", idOf("Poison", "suspended"));
    }

    private String idOf(String port, String state) throws Exception {
        String found = sendport("messages", "list", "--port", port, "--state", state, "--json")
                .out();
        return JSON.readTree(found).path("id").asText();
    }

    private Installed.Result asThePageSays(String start, String port, String id) throws Exception {
        List<String> command = new ArrayList<>(DocumentedCommands.of(Files.readString(PAGE), start, port, id));
        if (List.of("resolve", "terminate").contains(command.get(1))) {
            command.add("--yes");
        }
        Installed.Result result = sendport(command.toArray(String[]::new));
        assertThat(result.status())
                .as(String.join(" ", command) + "\n" + result.out() + result.err())
                .isZero();
        return result;
    }
}
