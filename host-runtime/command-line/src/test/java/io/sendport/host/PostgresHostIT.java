package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.submit.NotNowException;
import io.sendport.host.box.MessageState;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several host processes on one PostgreSQL, as if on several machines. */
@Timeout(300)
@InTurn
class PostgresHostIT {

    private static final Body BODY = Body.of("x", StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private String url;
    /** Longer than anybody stands still who is not to be taken for dead. */
    private String lease = "PT5M";

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
        url = TestPostgres.newDatabase();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private RunningHost host(String machine, String hostElements, String portElements) throws Exception {
        Path own = Files.createDirectories(folder.resolve(machine));
        return RunningHost.start(own, """
                <messageBox url='%s' user='postgres' lease='%s'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/>%s</host>
                <sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example'/>%s</sendPort>
                """.formatted(url, lease, server.port(), hostElements, portElements));
    }

    private static Set<String> instances(RunningHost host, String kind) {
        Set<String> instances = new HashSet<>();
        host.process().box().ledger().read(AuditFilter.all().with("kind", kind), each -> {
            instances.add(each.header("instance"));
            return true;
        });
        return instances;
    }

    /** Machines and database server are lost together: the copied checkpoints are no newer than the dump. */
    @Test
    void sendsNothingFromARestoredDumpUntilTheLossIsAccepted() throws Exception {
        String database = TestPostgres.database(url);
        MessageId waiting;
        try (RunningHost before = host("one", "", "")) {
            before.await(before.submit("P", BODY), row -> row.state().isEnd());
            before.process().box().queries();
            Installed.sendport(folder.resolve("one"), "ports", "stop", "-c", "sendport.xml", "P");
            waiting = before.submit("P", BODY);
            Installed.sendport(folder.resolve("one"), "audit", "checkpoint", "-c", "sendport.xml");
        }
        assertThat(TestPostgres.column(database, "SELECT server_system FROM store_state"))
                .isEqualTo(TestPostgres.column(database, "SELECT system_identifier::text FROM pg_control_system()"));
        TestPostgres.execute(database, "UPDATE store_state SET server_system = '4711'");
        TestPostgres.execute(database, "UPDATE port_state SET state = 'STARTED'");
        int sent = server.mails().size();

        try (RunningHost after = host("two", "", "")) {
            assertThat(after.await(waiting, row -> row.state() == MessageState.IN_DOUBT)
                            .state())
                    .isEqualTo(MessageState.IN_DOUBT);
            MessageId later = after.submit("P", BODY);
            Patience.whileItHolds(
                    "nothing is sent",
                    Duration.ofSeconds(3),
                    () -> server.mails().size() == sent);
            Installed.Result accepted = Installed.sendport(
                    folder.resolve("two"), "store", "accept-loss", "-c", "sendport.xml", "--reason", "test", "--yes");
            assertThat(accepted.out()).as(accepted.err()).contains("accepted");
            after.await(later, row -> row.state() == MessageState.DONE);
        }
        try (RunningHost again = host("two", "", "")) {
            again.await(again.submit("P", BODY), row -> row.state() == MessageState.DONE);
        }
    }

    @Test
    void twoHostsShareTheWorkAndSendNothingTwice() throws Exception {
        try (RunningHost one = host("one", "", "");
                RunningHost two = host("two", "", "")) {
            List<MessageId> ids = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                ids.add((i % 2 == 0 ? one : two).submit("P", BODY));
            }
            for (MessageId id : ids) {
                assertThat(two.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            }
            assertThat(server.mails()).hasSize(400);
            assertThat(instances(one, "ACCEPTED"))
                    .containsExactlyInAnyOrderElementsOf(List.of(
                            one.process().instanceIds().get(0),
                            two.process().instanceIds().get(0)));
        }
    }

    @Test
    void twoHostsShareOneRate() throws Exception {
        try (RunningHost one = host("one", "", "<rate messages='5' per='PT1H'/>");
                RunningHost two = host("two", "", "<rate messages='5' per='PT1H'/>")) {
            for (int i = 0; i < 10; i++) {
                one.submit("P", BODY);
                two.submit("P", BODY);
            }
            Patience.until(() -> server.mails().size() >= 5);
            Patience.whileItHolds(
                    "the rate of both together",
                    Duration.ofSeconds(2),
                    () -> server.mails().size() == 5);
        }
    }

    @Test
    void continuesAsANewInstanceWhenItIsDeclaredDead() throws Exception {
        lease = "PT3S";
        try (RunningHost host = host("one", "", "")) {
            String before = host.process().instanceIds().get(0);
            host.process().box().instances().stopped(before, "H", "not seen for PT3S");
            Patience.until(() -> !host.process().instanceIds().equals(List.of(before))
                    && !host.process().instanceIds().isEmpty());
            MessageId id = host.submit("P", BODY);
            assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            assertThat(instances(host, "ACCEPTED")).doesNotContain(before);
        }
    }

    private String feed(String machine) throws Exception {
        Path own = Files.createDirectories(folder.resolve(machine));
        Files.writeString(own.resolve("feed.xml"), """
                <routes xmlns="http://camel.apache.org/schema/spring">
                  <route id="feed"><from uri="timer:tick?period=100"/><setBody><constant>from %s</constant></setBody><to uri="sendport:P"/></route>
                </routes>
                """.formatted(machine));
        return "<routes file='feed.xml'/>";
    }

    private long fedBy(String machine) {
        String text = Base64.getEncoder().encodeToString(("from " + machine).getBytes(StandardCharsets.UTF_8));
        return server.mails().stream().filter(mail -> mail.contains(text)).count();
    }

    @Test
    void runsFeedsOnOneInstanceAndMovesThemWhenItStops() throws Exception {
        RunningHost one = host("one", feed("one"), "");
        try (one;
                RunningHost two = host("two", feed("two"), "")) {
            Patience.until(() -> fedBy("one") > 5);
            assertThat(fedBy("two")).isZero();
            one.close();
            Patience.until(() -> fedBy("two") > 5);
            assertThat(two.told(ConditionKind.FEED_FAILING)).isEmpty();
        }
    }

    /** As those do who are told that it is not now. */
    private static MessageId submittedAgain(RunningHost host) throws Exception {
        AtomicReference<MessageId> id = new AtomicReference<>();
        Patience.until(() -> {
            try {
                id.set(host.submit("P", BODY));
                return true;
            } catch (NotNowException e) {
                return false;
            }
        });
        return id.get();
    }

    @Test
    void waitsForADatabaseThatIsDownAndReportsIt() throws Exception {
        try (KillablePostgres postgres = new KillablePostgres(folder.resolve("pgdata"))) {
            url = postgres.url();
            try (RunningHost host = host("one", "", "")) {
                MessageId before = host.submit("P", BODY);
                host.await(before, row -> row.state().isEnd());
                postgres.kill();
                assertThatThrownBy(() -> host.submit("P", BODY)).hasMessageContaining("message box");
                Patience.until(
                        () -> !host.process().health().ready().get("store").isEmpty());
                assertThat(host.process().health().live()).containsEntry("store", "");
                postgres.startAgain();
                Patience.until(
                        () -> host.process().health().ready().get("store").isEmpty());
                MessageId after = submittedAgain(host);
                assertThat(host.await(after, row -> row.state().isEnd()).state())
                        .isEqualTo(MessageState.DONE);
            }
        }
    }
}
