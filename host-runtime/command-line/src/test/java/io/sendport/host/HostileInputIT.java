package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.config.read.Reading;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.testing.Deep;
import io.sendport.testing.Hostile;
import io.sendport.testing.InTurn;
import io.sendport.testing.ScriptedServer;
import jakarta.mail.Header;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What whoever submits can say, in every place where it may come to stand: the mail is as the port's author meant it, or there is none. */
@Timeout(300)
@InTurn
class HostileInputIT {

    private static final String ADDRESS = "(\"[^\"]*\"|[^<>\\s\"]+)@[^<>\\s]+";

    private static final Set<String> USUAL = Set.of(
            "Date",
            "From",
            "To",
            "Cc",
            "Reply-To",
            "Subject",
            "Message-ID",
            "MIME-Version",
            "X-Own",
            "Content-Type",
            "Content-Transfer-Encoding",
            "Content-Disposition");

    /** How a port looks that puts the property {@code H} into one place, by the name of that place. */
    private static final Map<String, String> PLACES = places();

    @TempDir
    private Path folder;

    private static Map<String, String> places() {
        Map<String, String> places = new LinkedHashMap<>();
        places.put("From", "<mail from='%H%' to='b@customer.example' domains='*'/>");
        places.put("FromName", "<mail from='%H% &lt;a@corp.example>' to='b@customer.example'/>");
        places.put("To", "<mail from='a@corp.example' to='b@customer.example, %H%' domains='*'/>");
        places.put("Cc", "<mail from='a@corp.example' to='b@customer.example' cc='%H%' domains='*'/>");
        places.put("Bcc", "<mail from='a@corp.example' to='b@customer.example' bcc='%H%' domains='*'/>");
        places.put("ReplyTo", "<mail from='a@corp.example' to='b@customer.example' replyTo='%H%' domains='*'/>");
        places.put(
                "ReturnPath", "<mail from='a@corp.example' to='b@customer.example' envelopeFrom='%H%' domains='*'/>");
        places.put("Subject", "<mail from='a@corp.example' to='b@customer.example' subject='%H%'/>");
        places.put(
                "Field",
                "<mail from='a@corp.example' to='b@customer.example'><header name='X-Own' value='%H%'/></mail>");
        places.put(
                "FileName",
                "<mail from='a@corp.example' to='b@customer.example'><attach parts='all' name='%H%'/></mail>");
        places.put(
                "ContentId",
                "<mail from='a@corp.example' to='b@customer.example'><body type='text/html'>x</body><attach parts='all' contentId='%H%'/></mail>");
        places.put(
                "Text",
                "<mail from='a@corp.example' to='b@customer.example'><body type='text/plain'>%H%</body></mail>");
        return Collections.unmodifiableMap(places);
    }

    @Test
    void addsNoHeaderFieldRecipientOrCommand() throws Exception {
        try (ScriptedServer server = new ScriptedServer().offering("250-test\r\n250-8BITMIME\r\n250 SMTPUTF8")) {
            StringBuilder ports = new StringBuilder("<messageBox url='jdbc:sqlite:box.db'/><host name='H'/>");
            PLACES.forEach((place, mail) -> ports.append(
                    "<sendPort name='%s' host='H'><smtp host='127.0.0.1' port='%d' tls='none'/>%s</sendPort>"
                            .formatted(place, server.port(), mail)));
            Map<MessageId, String> sent = new LinkedHashMap<>();
            try (RunningHost host = RunningHost.start(folder, ports.toString())) {
                for (int round = 0; round < Deep.times(1, 5); round++) {
                    for (String place : PLACES.keySet()) {
                        for (String hostile : Hostile.STRINGS) {
                            sent.put(
                                    host.submit(
                                            place,
                                            Body.of("x", StandardCharsets.UTF_8),
                                            Context.of(Map.of("H", hostile))),
                                    place + ": " + hostile);
                        }
                    }
                }
                int suspended = 0;
                for (Map.Entry<MessageId, String> each : sent.entrySet()) {
                    MessageRow row = host.await(
                            each.getKey(), now -> now.state().isEnd() || now.state() == MessageState.SUSPENDED);
                    assertThat(row.state()).as(each.getValue()).isIn(MessageState.DONE, MessageState.SUSPENDED);
                    suspended += row.state() == MessageState.SUSPENDED ? 1 : 0;
                    assertThat(row.lastError())
                            .as(each.getValue())
                            .doesNotContain("\r", "\n", "\0", "\u001B", "\u2028");
                }
                assertThat(sent.size() - suspended).isEqualTo(server.mails().size());
                assertThat(suspended).isBetween(sent.size() / 3, sent.size() - 50);
            }
            wire(server);
        }
    }

    /** Names by which camel-mail and Jakarta Mail could be told to do otherwise, in any case. */
    @Test
    void messagePropertiesCannotChangeTheDestination() throws Exception {
        try (ScriptedServer server = new ScriptedServer();
                ScriptedServer elsewhere = new ScriptedServer();
                RunningHost host = RunningHost.start(
                        folder,
                        "<messageBox url='jdbc:sqlite:box.db'/><host name='H'/><sendPort name='P' host='H'><smtp host='127.0.0.1' port='"
                                + server.port()
                                + "' tls='none'/><mail from='a@corp.example' to='b@customer.example'/></sendPort>")) {
            String port = Integer.toString(elsewhere.port());
            Map<String, String> names = new LinkedHashMap<>();
            for (String each : List.of(
                    "mail.smtp.host=127.0.0.1",
                    "mail.smtp.port=" + port,
                    "mail.smtp.from=evil@evil.example",
                    "mail.smtp.starttls.enable=true",
                    "mail.smtp.ssl.trust=*",
                    "mail.smtp.localhost=evil",
                    "CamelMailTo=evil@evil.example",
                    "CamelHttpUri=http://127.0.0.1:" + port,
                    "CamelToEndpoint=smtp://127.0.0.1:" + port,
                    "SMTP.SMTPHost=127.0.0.1:" + port,
                    "to=evil@evil.example",
                    "bcc=evil@evil.example",
                    "subject=evil")) {
                String[] pair = each.split("=", 2);
                names.put(pair[0], pair[1]);
            }
            Context upper = Context.empty();
            Context lower = Context.empty();
            for (Map.Entry<String, String> each : names.entrySet()) {
                upper = upper.with(each.getKey().toUpperCase(java.util.Locale.ROOT), each.getValue());
                lower = lower.with(each.getKey().toLowerCase(java.util.Locale.ROOT), each.getValue());
            }
            for (Context context : List.of(Context.of(names), upper, lower)) {
                MessageId id = host.submit("P", Body.of("x", StandardCharsets.UTF_8), context);
                assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            }
            assertThat(server.mails()).hasSize(3).noneMatch(mail -> mail.contains("evil"));
            assertThat(server.commands())
                    .contains("MAIL FROM:<a@corp.example> SIZE="
                            + server.mails().get(0).length())
                    .noneMatch(line -> line.contains("evil") || line.equals("STARTTLS"));
            assertThat(elsewhere.commands()).isEmpty();
        }
    }

    /** Properties become headers of an exchange, and some headers steer Camel or differ from a property of ours by case alone. */
    @Test
    void messagePropertiesCannotControlCamelOrReplaceOthers() throws Exception {
        try (ScriptedServer server = new ScriptedServer();
                RunningHost host = RunningHost.start(
                        folder,
                        "<messageBox url='jdbc:sqlite:box.db'/><host name='H'/><pipeline name='Copies'><preAssemble><camel uri='file:"
                                + folder.resolve("outbox") + "'/></preAssemble></pipeline>"
                                + "<sendPort name='P' host='H' pipeline='Copies'><smtp host='127.0.0.1' port='"
                                + server.port()
                                + "' tls='none'/><mail from='a@corp.example' to='b@customer.example'/></sendPort>")) {
            for (String name : List.of("CamelFileName", "camelfilename", "CamelOverruleFileName")) {
                MessageId id = host.submit(
                        "P", Body.of("x", StandardCharsets.UTF_8), Context.of(Map.of(name, "injected.txt")));
                assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            }
            assertThat(folder.resolve("outbox").toFile().list())
                    .hasSize(3)
                    .noneMatch(file -> file.contains("injected"));
            for (String to : List.of("smtp.to", "Smtp.To", "SMTP.TO", "sMTP.To", "SMTP.tO", "SmTp.To")) {
                Context context = Context.of(Map.of("SMTP.To", "b@customer.example", to, "injected@evil.example"));
                MessageId id = host.submit("P", Body.of("x", StandardCharsets.UTF_8), context);
                MessageRow row = host.await(id, now -> now.state().isEnd() || now.state() == MessageState.SUSPENDED);
                assertThat(row.state()).isEqualTo(MessageState.SUSPENDED);
                assertThat(row.lastError()).contains("names that differ only in case");
            }
            assertThat(server.commands())
                    .contains("RCPT TO:<b@customer.example>")
                    .noneMatch(line -> line.contains("injected"));
        }
    }

    private static void wire(ScriptedServer server) throws Exception {
        assertThat(server.commands())
                .allMatch(line -> line.matches("CONNECT|EHLO \\S+|MAIL FROM:<" + ADDRESS + ">( [A-Z0-9=]+)*|RCPT TO:<"
                        + ADDRESS + ">|DATA|\\.|QUIT|RSET"))
                .noneMatch(line -> line.startsWith("RCPT TO:<injected@evil") || line.startsWith("RCPT TO:<evil"));
        for (String mail : server.mails()) {
            MimeMessage read = new MimeMessage(
                    Session.getInstance(new Properties()),
                    new ByteArrayInputStream(mail.getBytes(StandardCharsets.ISO_8859_1)));
            for (Header each : Collections.list(read.getAllHeaders())) {
                assertThat(each.getName()).as(mail).isIn(USUAL);
            }
            assertThat(mail.chars().filter(c -> c == '\0').count()).isZero();
        }
    }

    /** The same values where a file is written by someone who means harm, or errs. */
    @Test
    void isRefusedOrTakenLiterallyInAConfiguration() throws Exception {
        try (ScriptedServer server = new ScriptedServer().offering("250-test\r\n250-8BITMIME\r\n250 SMTPUTF8")) {
            StringBuilder content = new StringBuilder("<messageBox url='jdbc:sqlite:box.db'/><host name='H'/>");
            List<String> taken = new ArrayList<>();
            for (String attribute : List.of("from", "to", "cc", "bcc", "replyTo", "envelopeFrom", "subject")) {
                for (String hostile : Hostile.STRINGS) {
                    String name = "P" + taken.size();
                    String port = port(name, server.port(), attribute, hostile);
                    Reading reading = RunningHost.read(folder, content + port);
                    if (reading.hasErrors()) {
                        assertThat(reading.problems()).allSatisfy(problem -> assertThat(problem.toString())
                                .contains("sendport.xml")
                                .doesNotContain("\r", "\n", "\u2028"));
                    } else {
                        content.append(port);
                        taken.add(name);
                    }
                }
            }
            assertThat(taken).hasSizeGreaterThan(20);
            try (RunningHost host = RunningHost.start(folder, content.toString())) {
                for (String each : taken) {
                    MessageId id = host.submit(each, Body.of("x", StandardCharsets.UTF_8));
                    host.await(id, now -> now.state().isEnd() || now.state() == MessageState.SUSPENDED);
                }
            }
            wire(server);
        }
    }

    private static String port(String name, int port, String attribute, String hostile) {
        String value = hostile.chars().mapToObj(c -> "&#" + c + ";").collect(Collectors.joining());
        String from = attribute.equals("from") ? "" : " from='a@corp.example'";
        String to = attribute.equals("to") ? "" : " to='b@customer.example'";
        return "<sendPort name='" + name + "' host='H'><smtp host='127.0.0.1' port='" + port + "' tls='none'/><mail "
                + attribute + "='" + value + "'" + from + to + "/></sendPort>";
    }
}
