package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.Configuration;
import io.sendport.config.Routing;
import io.sendport.config.port.PortState;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.Deep;
import io.sendport.testing.InTurn;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host whose database connections all go silent under load notices that, and works on over new ones. */
@Timeout(300)
@InTurn
class SilentConnectionIT {

    private static final long NOTICED_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final Body BODY = Body.of("x", StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private ScriptedServer relay;
    private SilentProxy proxy;
    private RunningHost host;
    /** Over connections of its own, which stay well. */
    private MessageBox direct;

    private SubmissionService submissionService;

    private Thread load;
    private volatile boolean enough;

    @BeforeEach
    void start() throws Exception {
        relay = new ScriptedServer();
        String url = TestPostgres.newDatabase();
        String server = url.replaceFirst(".*(:\\d+/).*", "$1");
        proxy = new SilentProxy(Integer.parseInt(server.substring(1, server.length() - 1)));
        host = RunningHost.start(folder("host"), configuration(url.replace(server, ":" + proxy.port() + "/")));
        Configuration outside = RunningHost.read(folder("outside"), configuration(url))
                .configuration()
                .orElseThrow();
        direct = MessageBox.open(outside.messageBox(), Access.WRITE, Clock.systemUTC());
        submissionService = new SubmissionService(Routing.of(outside), direct, port -> {});
        load = new Thread(this::submitAll, "load");
        load.start();
        await(() -> relay.mails().size() >= 50, PATIENCE_NANOS, "the host sends");
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private String configuration(String url) {
        return """
                <messageBox url='%s' user='postgres' lease='PT10S'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/></host>
                <sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example'/></sendPort>
                <sendPort name='Second' host='H' initialState='stopped'><mail from='a@corp.example' to='c@customer.example'/></sendPort>
                """.formatted(url, relay.port());
    }

    @AfterEach
    void stop() throws Exception {
        enough = true;
        load.join();
        host.close();
        direct.close();
        proxy.close();
        relay.close();
    }

    private static Submission submission(String port) {
        return new Submission(port, Context.empty(), List.of(Part.body("text/plain", BODY)), Optional.empty(), "test");
    }

    private void submitAll() {
        while (!enough) {
            submissionService.submit(submission("P"));
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void claimsAgainLongBeforeTheReadTimeout() throws Exception {
        assumeTrue(Deep.isOn(), "waits for time limits");
        assertThat(proxy.silence()).as("connections that went silent").isGreaterThan(1);
        int sent = relay.mails().size();
        // What was in hand at that moment may still leave.
        await(() -> relay.mails().size() >= sent + 200, NOTICED_NANOS, "the host claims again");
    }

    @Test
    void startsAPortLongBeforeTheReadTimeout() throws Exception {
        proxy.silence();
        submissionService.submit(submission("Second"));
        direct.ports().set("Second", PortState.STARTED, new Actor("test", ""));
        await(() -> relay.count("RCPT TO:<c@") > 0, NOTICED_NANOS, "the host starts the port");
    }

    private static void await(BooleanSupplier condition, long patience, String what) throws InterruptedException {
        long deadline = System.nanoTime() + patience;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not in time: " + what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
