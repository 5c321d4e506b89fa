package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.Deep;
import io.sendport.testing.FreePort;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A folder and a real broker, and an installation whose jars for it were fetched as docs/feeding-from-camel.md says: broker, room, database and process are
 * taken away in turn, and each message arrives once.
 */
@Timeout(1_800)
@InTurn
class FeedsIT {

    private static final Path SOURCE = Path.of("src/test/broker").toAbsolutePath();
    private static final int DELIVERIES = 3;
    private static final Pattern TEXT = Pattern.compile("invoice (\\d+)\\.");

    @TempDir
    private static Path shared;

    private static Installation installation;
    private static String brokerJars;

    @TempDir
    private Path folder;

    private BrokerProcess broker;
    private Process run;
    private final ScriptedServer relay;
    private final AtomicInteger sent = new AtomicInteger();

    FeedsIT() throws IOException {
        relay = new ScriptedServer();
    }

    private BrokerProcess broker(int port, int deliveries) throws Exception {
        Path data = Files.createDirectories(folder.resolve("broker"));
        return new BrokerProcess(
                brokerJars, SOURCE.resolve("Broker.java"), folder.resolve("broker.log"), data, port, deliveries);
    }

    /** Installs before the first test that has its turn, because it takes half a minute. */
    @BeforeEach
    void install() throws Exception {
        if (installation == null) {
            installation = FeedInstallation.in(shared, pom -> pom);
            brokerJars = FeedInstallation.jars(shared.resolve("broker-jars"), SOURCE.resolve("pom.xml"));
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (run != null) {
            run.destroyForcibly();
            Patience.untilEnd(run);
        }
        if (broker != null) {
            broker.kill();
        }
        relay.close();
    }

    private void write(String messageBox, int port) throws Exception {
        Files.writeString(
                folder.resolve("feed.xml"),
                FeedInstallation.onThePage("(?s)```xml\n(<beans.*?)```")
                        .replace("broker.corp.example:61616", "127.0.0.1:" + port)
                        .replace("transacted=true", "recoveryInterval=500&amp;transacted=true"));
        Files.createDirectories(folder.resolve("in"));
        Files.writeString(
                folder.resolve("pickup.xml"),
                "<routes xmlns='http://camel.apache.org/schema/spring'><route id='pickup'><from uri='file:"
                        + folder.resolve("in")
                        + "?delay=100&amp;initialDelay=0&amp;moveFailed=.failed'/><to uri='sendport:Invoices'/></route></routes>");
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns='urn:sendport:config:1'>
                %s
                <host name='Mail'><mail from='a@corp.example' to='b@customer.example' subject='s'/>
                  <retry count='1000' interval='PT0.1S'/><routes file='feed.xml'/><routes file='pickup.xml'/></host>
                <sendPort name='Invoices' host='Mail'><limits maxMessageSize='10KB'/><smtp host='127.0.0.1' port='%d' tls='none'/></sendPort>
                </sendport>""".formatted(messageBox, relay.port()));
    }

    private String sendport(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-c", "sendport.xml"));
        Installed.Result result = installation.sendport(folder, all.toArray(String[]::new));
        return result.out() + result.err();
    }

    private void run() throws Exception {
        run = installation.run(folder, "", "sendport.xml");
    }

    /** As by a service manager. */
    private void end() throws Exception {
        run.destroy();
        Patience.untilEnd(run);
    }

    private void send(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            int number = sent.incrementAndGet();
            give("invoice " + number + ".", number % 2 == 0);
        }
    }

    /** To the broker, or into the folder. */
    private void give(String text, boolean toTheBroker) throws Exception {
        if (toTheBroker) {
            assertThat(broker.ask("send invoices " + text)).isEqualTo("sent");
        } else {
            Path written = Files.createTempFile(folder, "file", ".txt");
            Files.writeString(written, text);
            Files.move(written, folder.resolve("in").resolve(written.getFileName()));
        }
    }

    private void awaitAll() throws Exception {
        Patience.until(
                "each of " + sent.get() + " at the relay",
                () -> relay.mails().size() >= sent.get() && copies().size() == sent.get());
    }

    /** Message-IDs of what arrived, by number. */
    private Map<Integer, List<String>> copies() throws Exception {
        Map<Integer, List<String>> copies = new HashMap<>();
        for (String mail : List.copyOf(relay.mails())) {
            MimeMessage parsed = new MimeMessage(
                    (Session) null, new ByteArrayInputStream(mail.getBytes(StandardCharsets.ISO_8859_1)));
            Matcher text = TEXT.matcher(String.valueOf(parsed.getContent()));
            assertThat(text.find()).as(mail).isTrue();
            copies.computeIfAbsent(Integer.valueOf(text.group(1)), number -> new ArrayList<>())
                    .add(parsed.getMessageID().replaceAll("^<|@.*", ""));
        }
        return copies;
    }

    private void awaitStatus(String text) throws Exception {
        String[] last = {""};
        assertThat(Patience.happens(Patience.LIMIT, () -> {
                    // A process for each look, all the time, would keep the machine from what is waited for.
                    TimeUnit.SECONDS.sleep(1);
                    last[0] = sendport("status");
                    return last[0].contains(text);
                }))
                .as(last[0])
                .isTrue();
    }

    @Test
    void deliverOnceDespiteOutagesAndSetRefusedMessagesAside() throws Exception {
        int port = FreePort.find();
        String box = "<messageBox url='jdbc:sqlite:var/sendport.db'/>";
        write(box, port);
        broker = broker(port, DELIVERIES);
        assertThat(sendport("validate")).doesNotContain("error");
        run();
        send(5);
        awaitAll();

        broker.kill();
        awaitStatus("the connection to the broker is lost");
        broker = broker(port, DELIVERIES);
        send(2);
        awaitAll();
        awaitStatus("delivering");

        end();
        long free = folder.toFile().getUsableSpace() >> 20;
        write(
                "<messageBox url='jdbc:sqlite:var/sendport.db'><limits minFree='%dMB'/></messageBox>"
                        .formatted(free * 2),
                port);
        run();
        send(3);
        awaitStatus("not submitted: the disk");
        assertThat(broker.ask("count dead"))
                .as("a delivery that failed was counted")
                .isEqualTo("0");
        assertThat(relay.mails()).hasSize(7);
        end();
        write(box, port);
        run();
        awaitAll();

        give("large".repeat(4_000), true);
        give("large".repeat(4_000), false);
        Patience.until("the dead letter", () -> broker.ask("count dead").equals("1"));
        Patience.until("the file", () -> folder.resolve("in/.failed").toFile().list() != null);
        assertThat(sendport("audit", "search", "--kind", "NOT_TAKEN").lines())
                .as("each once, though the broker brought it three times")
                .hasSize(2)
                .allMatch(line -> line.contains("a message may have at most 10 KB"));
        send(1);
        awaitAll();
        assertThat(copies().values()).as("each arrived once").allMatch(each -> each.size() == 1);
    }

    @Test
    void loseNothingAndDuplicateOnlyMessagesInDoubtWhenKilled() throws Exception {
        int port = FreePort.find();
        write("<messageBox url='jdbc:sqlite:var/sendport.db'/>", port);
        broker = broker(port, Integer.MAX_VALUE);
        long seed = System.nanoTime();
        System.out.println("kills of feeds: seed " + seed);
        Random random = new Random(seed);
        for (int kill = 0; kill < Deep.times(1, 200); kill++) {
            run();
            Thread sender = new Thread(() -> {
                try {
                    send(100);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            sender.start();
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000));
            run.destroyForcibly();
            Patience.untilEnd(run);
            sender.join();
        }
        run();
        awaitAll();
        TreeSet<String> doubtful = sendport("audit", "search", "--kind", "IN_DOUBT", "--json")
                .lines()
                .flatMap(line -> Pattern.compile("\"message\"\\s*:\\s*\"([^\"]+)\"")
                        .matcher(line)
                        .results())
                .map(each -> each.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Stream<List<String>> twice = copies().values().stream().filter(each -> each.size() > 1);
        List<List<String>> doubles = twice.toList();
        assertThat(doubles)
                .as("copies of one message, and in doubt")
                .allMatch(each -> each.stream().distinct().count() == 1 && doubtful.contains(each.get(0)));
        assertThat(broker.ask("count dead")).isEqualTo("0");
        System.out.println(
                "kills of feeds: " + sent.get() + " sent, 0 lost, " + doubles.size() + " twice and in doubt");
    }

    @Test
    void holdTheirMessagesWhileTheDatabaseIsDown() throws Exception {
        int port = FreePort.find();
        try (KillablePostgres postgres = new KillablePostgres(folder.resolve("pg"))) {
            write("<messageBox url='" + postgres.url() + "' user='postgres' password='postgres' lease='PT5S'/>", port);
            broker = broker(port, DELIVERIES);
            run();
            send(3);
            awaitAll();
            postgres.kill();
            send(2);
            Installed.await(folder.resolve("run.log"), "route invoices holds a message");
            Installed.await(folder.resolve("run.log"), "route pickup holds a message");
            postgres.startAgain();
            awaitAll();
            assertThat(broker.ask("count dead")).isEqualTo("0");
            assertThat(copies().values()).as("each arrived once").allMatch(each -> each.size() == 1);
        }
    }
}
