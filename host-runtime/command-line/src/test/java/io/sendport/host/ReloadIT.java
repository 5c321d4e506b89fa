package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Reloads;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.testing.Deep;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A changed configuration comes into force while messages are sent: only what it touches restarts, and all of it or nothing. */
@Timeout(300)
class ReloadIT {

    private static final Body BODY = Body.of("x", StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private RunningHost host;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
        host = RunningHost.following(folder, content("one", ""));
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        server.close();
    }

    private String content(String subject, String more) {
        return """
                <messageBox url='jdbc:sqlite:box.db'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/></host>
                <sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example' subject='%s'/></sendPort>
                <sendPort name='Q' host='H'><mail from='a@corp.example' to='c@customer.example' subject='q'/></sendPort>
                %s
                """.formatted(server.port(), subject, more);
    }

    private List<String> loaded() {
        List<String> hashes = new ArrayList<>();
        host.process()
                .box()
                .ledger()
                .read(AuditFilter.all().with("kind", "CONFIG_LOADED"), each -> hashes.add(each.header("sha256")));
        return hashes;
    }

    private String sent(String port) throws Exception {
        int before = server.mails().size();
        MessageId id = host.submit(port, BODY);
        MessageRow row = host.await(id, each -> each.state().isEnd());
        assertThat(row.state()).as(row.lastError()).isEqualTo(MessageState.DONE);
        return server.mails().get(before);
    }

    private Reloads.Answer ask(boolean dry) throws Exception {
        Reloads reloads = host.process().box().reloads();
        long wish = reloads.ask(host.process().instanceIds().get(0), dry, new Actor("me@here", "why not"));
        Patience.until(() -> reloads.answerTo(wish).isPresent());
        return reloads.answerTo(wish).orElseThrow();
    }

    @Test
    void loadsAChangedFileAutomatically() throws Exception {
        assertThat(sent("P")).contains("Subject: one");
        RunningHost.write(folder, content("two", ""));
        Patience.until(() -> loaded().size() == 2);
        assertThat(loaded()).doesNotHaveDuplicates();
        assertThat(sent("P")).contains("Subject: two");
        assertThat(sent("Q")).contains("Subject: q");
    }

    @Test
    void addsAndRemovesPorts() throws Exception {
        RunningHost.write(
                folder,
                content(
                        "one",
                        "<sendPort name='R' host='H'><mail from='a@corp.example' to='b@customer.example' subject='r'/></sendPort>"));
        Patience.until(() -> host.process().ports().contains("R"));
        Patience.until(() -> loaded().size() == 2);
        assertThat(sent("R")).contains("Subject: r");
        RunningHost.write(folder, content("one", ""));
        Patience.until(() -> !host.process().ports().contains("R"));
    }

    /** A line that moved, and a comment, change nothing: no port restarts, and nobody is told that one did. */
    @Test
    void ignoresCommentsAndMovedLines() throws Exception {
        RunningHost.write(folder, "<!-- a comment\n of two lines -->\n" + content("one", ""));
        assertThat(ask(false))
                .isEqualTo(new Reloads.Answer(true, "the configuration is unchanged; nothing was restarted"));
        assertThat(loaded()).hasSize(1);
    }

    @Test
    void saysWhatWouldChangeAndWhy() throws Exception {
        RunningHost.write(folder, content("one", "").replace("<host name='H'>", "<host name='H'><retry count='7'/>"));
        Reloads.Answer answer = ask(true);
        assertThat(answer.good()).isTrue();
        assertThat(answer.said().lines()).containsExactly("port P: changed: retry", "port Q: changed: retry");
    }

    /** Only the port that was touched waits for its attempts under way; the others go on sending. */
    @Test
    void restartsAChangedPortOnceItsAttemptsHaveEnded() throws Exception {
        server.on("RCPT TO:<b@customer.example>", "HOLD 250 2.1.5 ok");
        MessageId slow = host.submit("P", BODY);
        Patience.until(() -> server.count("RCPT") == 1);
        RunningHost.write(folder, content("two", ""));
        Patience.until(
                "the end of the touched port", () -> !host.process().ports().contains("P"));
        assertThat(sent("Q")).contains("Subject: q");
        assertThat(loaded()).as("it waits").hasSize(1);
        assertThat(host.row(slow).state()).isEqualTo(MessageState.SENDING);
        server.release();
        assertThat(host.await(slow, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
        Patience.until(() -> loaded().size() == 2);
        assertThat(host.row(slow).attempts()).isEqualTo(1);
    }

    /** X2 of the reliability list: whatever is broken, the old configuration stays in force, and file and line are named. */
    @Test
    void keepsTheOldConfigurationWhenTheNewOneIsInvalid() throws Exception {
        String good = Files.readString(folder.resolve("sendport.xml"));
        Random random = new Random(4711);
        int refused = 0;
        for (int i = 0; i < Deep.times(8, 100); i++) {
            int cut = 60 + random.nextInt(good.length() - 80);
            String broken =
                    switch (i % 4) {
                        case 0 -> good.substring(0, cut);
                        case 1 -> good.replace("subject='one'", "subject='two' nonsense='1'");
                        case 2 ->
                            good.replace("subject='one'", "subject='two'")
                                    .replace("name='Q' host='H'", "name='Q' host='None'");
                        default ->
                            good.substring(0, cut) + "<" + good.substring(cut).replace("'one'", "'two'");
                    };
            Files.writeString(folder.resolve("sendport.xml"), broken);
            Reloads.Answer answer = ask(false);
            assertThat(answer.good()).as(broken).isFalse();
            assertThat(answer.said())
                    .contains("sendport.xml:")
                    .endsWith("The previous one stays active. Correct the files, then reload");
            refused++;
        }
        assertThat(refused).isEqualTo(Deep.times(8, 100));
        assertThat(sent("P")).contains("Subject: one");
        assertThat(loaded()).hasSize(1);
        assertThat(host.told(ConditionKind.CONFIGURATION_REJECTED)).contains("sendport.xml:");
        Files.writeString(folder.resolve("sendport.xml"), good);
        Patience.until(() -> host.told(ConditionKind.CONFIGURATION_REJECTED).isEmpty());
    }

    @Test
    void aConditionNamesTheFirstOfSeveralProblemsInOneLine() throws Exception {
        String good = Files.readString(folder.resolve("sendport.xml"));
        Files.writeString(
                folder.resolve("sendport.xml"), good.replace("host='H'><mail", "host='H' nonsense='1'><mail"));
        assertThat(ask(false).good()).isFalse();
        Patience.until(() -> !host.told(ConditionKind.CONFIGURATION_REJECTED).isEmpty());
        assertThat(host.told(ConditionKind.CONFIGURATION_REJECTED))
                .contains("sendport.xml:", "nonsense")
                .doesNotContain("u000A")
                .endsWith(" (and 1 more)");
    }
}
