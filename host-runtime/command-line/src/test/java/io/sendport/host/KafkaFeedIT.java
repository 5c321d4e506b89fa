package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.testing.Deep;
import io.sendport.testing.FreePort;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Kafka feeds a port by the route of docs/feeding-from-camel.md; the process is killed and stopped between. */
@Timeout(600)
class KafkaFeedIT {

    private static final Path SOURCE = Path.of("src/test/broker/kafka").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void deliversEachMessageOnceAndSetsRefusedOnesAside() throws Exception {
        assumeTrue(Deep.isOn(), "fetches and runs a Kafka of 43 MB");
        Installation installation =
                FeedInstallation.in(folder, pom -> pom.replace("<artifactId>camel-jms<", "<artifactId>camel-kafka<"));
        int port = FreePort.find();
        BrokerProcess kafka = new BrokerProcess(
                FeedInstallation.jars(folder.resolve("kafka-jars"), SOURCE.resolve("pom.xml")),
                SOURCE.resolve("Kafka.java"),
                folder.resolve("kafka.log"),
                folder.resolve("kafka"),
                port,
                FreePort.find());
        try (ScriptedServer relay = new ScriptedServer()) {
            Files.writeString(
                    folder.resolve("feed.xml"),
                    FeedInstallation.onThePage("(?s)```xml\n(<routes[^`]*kafka:.*?)```")
                            .replace("broker.corp.example:9092", "127.0.0.1:" + port));
            Files.writeString(folder.resolve("sendport.xml"), """
                    <sendport xmlns='urn:sendport:config:1'>
                    <messageBox url='jdbc:sqlite:var/sendport.db'/>
                    <host name='Mail'><mail from='a@corp.example' to='b@customer.example' subject='s'/><routes file='feed.xml'/></host>
                    <sendPort name='Invoices' host='Mail'><limits maxMessageSize='10KB'/><smtp host='127.0.0.1' port='%d' tls='none'/></sendPort>
                    </sendport>""".formatted(relay.port()));
            int sent = 0;
            for (int round = 0; round < 4; round++) {
                Process run = installation.run(folder, "", "sendport.xml");
                try {
                    for (int i = 0; i < 20; i++) {
                        assertThat(kafka.ask("send invoices invoice " + sent++)).isEqualTo("sent");
                    }
                    if (round == 1) {
                        assertThat(kafka.ask("send invoices " + "large".repeat(4_000)))
                                .isEqualTo("sent");
                    }
                    if (round % 2 == 0) {
                        int expected = sent;
                        Patience.until("all mails", () -> relay.mails().size() >= expected);
                        run.destroy();
                    } else {
                        run.destroyForcibly();
                    }
                } finally {
                    if (run.isAlive()) {
                        Patience.untilEnd(run);
                    }
                }
            }
            Process run = installation.run(folder, "", "sendport.xml");
            try {
                Patience.until("all mails", () -> relay.mails().size() >= 80);
                Patience.until("the refused one", () -> kafka.ask("count invoices-refused")
                        .equals("1"));
                Patience.whileItHolds(
                        "each arrives once",
                        java.time.Duration.ofSeconds(2),
                        () -> relay.mails().size() == 80);
                assertThat(installation
                                .sendport(folder, "audit", "search", "--kind", "NOT_TAKEN", "-c", "sendport.xml")
                                .out()
                                .lines())
                        .isNotEmpty()
                        .allMatch(line -> line.contains("a message may have at most 10 KB"));
            } finally {
                run.destroyForcibly();
                Patience.untilEnd(run);
            }
        } finally {
            kafka.kill();
        }
    }
}
