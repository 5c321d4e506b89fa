package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.Skipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * "Upgrade under load" of docs/runbooks.md, from an earlier distribution to this one. {@code -Dsendport.previous} names the folder of the
 * earlier one; without it nothing is tested.
 */
@Timeout(600)
class UpgradeUnderLoadIT {

    private static final int ENOUGH = 10;
    private static final Installation BUILT = new Installation(Installed.SCRIPT, Map.of());

    @TempDir
    private Path folder;

    private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isSubmitting = new AtomicBoolean(true);
    private final AtomicReference<Installation> inUse = new AtomicReference<>();
    private Installation earlier;

    @BeforeEach
    void findTheEarlierDistribution() {
        String named = System.getProperty("sendport.previous", "");
        if (named.isEmpty()) {
            Skipped.note("the upgrade under load, since -Dsendport.previous names no earlier distribution");
        }
        assumeTrue(!named.isEmpty(), "no earlier distribution is named");
        earlier = new Installation(Path.of(named, "bin/sendport"), Map.of("SENDPORT_CACHE", "off"));
        inUse.set(earlier);
    }

    private void write(String messageBox, ScriptedServer relay) throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns='urn:sendport:config:1'>
                %s
                <host name='Mail'><smtp host='127.0.0.1' port='%d' tls='none'/>
                  <mail from='a@corp.example' to='b@customer.example' subject='Order %%MIME.FileName%%'/></host>
                <sendPort name='P' host='Mail'/></sendport>""".formatted(messageBox, relay.port()));
    }

    /** Submits as a program does: each file with a key, and again after exit status 3. */
    private Thread startSubmitting() {
        Thread thread = new Thread(() -> {
            try {
                for (int i = 0; isSubmitting.get(); i++) {
                    String name = "m" + i + ".txt";
                    Files.writeString(folder.resolve(name), "order " + i);
                    int status = submit(name);
                    while (status == 3) {
                        status = submit(name);
                    }
                    if (status == 0) {
                        acknowledged.add(name);
                    } else {
                        refused.add(name + ": " + Installed.read(folder.resolve("submit.log")));
                    }
                }
            } catch (Exception e) {
                refused.add(e.toString());
            }
        });
        thread.start();
        return thread;
    }

    private int submit(String name) throws Exception {
        Path log = folder.resolve("submit.log");
        Process process = inUse.get()
                .start(
                        folder,
                        "",
                        folder.resolve("submit.out"),
                        log,
                        "submit",
                        "-c",
                        "sendport.xml",
                        "--port",
                        "P",
                        "--dedupe",
                        name,
                        name);
        Patience.untilEnd(process);
        return process.exitValue();
    }

    private void awaitMore(int count) throws Exception {
        int now = acknowledged.size();
        Patience.until("more submissions", () -> acknowledged.size() >= now + count);
    }

    private void stopSubmitting(Thread submitter) throws InterruptedException {
        isSubmitting.set(false);
        submitter.join(Patience.LIMIT.toMillis());
        assertThat(submitter.isAlive()).isFalse();
        assertThat(refused).isEmpty();
    }

    private void goOnWithTheNewVersion(Thread submitter, ScriptedServer relay) throws Exception {
        Process run = BUILT.run(folder, "", "sendport.xml");
        try {
            inUse.set(BUILT);
            awaitMore(ENOUGH);
            stopSubmitting(submitter);
            requireEachOnce(relay);
        } finally {
            run.destroy();
            Patience.untilEnd(run);
        }
    }

    private void requireEachOnce(ScriptedServer relay) throws Exception {
        Patience.until("all mails", () -> relay.mails().size() >= acknowledged.size());
        Pattern subject = Pattern.compile("(?m)^Subject: Order (\\S+)");
        List<String> arrived = new ArrayList<>();
        for (String each : relay.mails()) {
            Matcher matcher = subject.matcher(each);
            assertThat(matcher.find()).as(each).isTrue();
            arrived.add(matcher.group(1));
        }
        Map<String, Long> counts =
                arrived.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(counts).as("each once").allSatisfy((name, count) -> assertThat(count)
                .isOne());
        assertThat(counts.keySet()).containsExactlyInAnyOrderElementsOf(acknowledged);
        Installed.Result verified = Installed.sendport(folder, "audit", "verify", "-c", "sendport.xml");
        assertThat(verified.status()).as(verified.out() + verified.err()).isZero();
    }

    @Test
    void losesNothingOnAFile() throws Exception {
        try (ScriptedServer relay = new ScriptedServer()) {
            write("<messageBox url='jdbc:sqlite:var/sendport.db'/>", relay);
            Process old = earlier.run(folder, "", "sendport.xml");
            Thread submitter = startSubmitting();
            awaitMore(ENOUGH);
            old.destroy();
            Patience.untilEnd(old);
            goOnWithTheNewVersion(submitter, relay);
        }
    }

    @Test
    void losesNothingOnADatabaseThatTwoInstancesShare() throws Exception {
        try (ScriptedServer relay = new ScriptedServer();
                KillablePostgres server = new KillablePostgres(folder.resolve("pg"))) {
            write(
                    "<messageBox url='%s' user='postgres' password='postgres' lease='PT5S'/>".formatted(server.url()),
                    relay);
            Process one = earlier.run(folder, "", "sendport.xml");
            Path log = folder.resolve("second.log");
            Process two = earlier.start(folder, "", folder.resolve("second.out"), log, "run", "-c", "sendport.xml");
            Patience.until("the second instance", () -> Installed.read(log).contains("ready after"));
            Thread submitter = startSubmitting();
            awaitMore(ENOUGH);
            Installed.Result migrated = BUILT.sendport(
                    folder, "store", "migrate", "-c", "sendport.xml", "--backup", "none, this is a test");
            assertThat(migrated.status()).as(migrated.out() + migrated.err()).isZero();
            for (Process each : List.of(one, two)) {
                Patience.untilEnd(each);
                assertThat(each.exitValue()).as("come back as the new version").isEqualTo(3);
            }
            goOnWithTheNewVersion(submitter, relay);
        }
    }
}
