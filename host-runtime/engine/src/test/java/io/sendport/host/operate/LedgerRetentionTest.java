package io.sendport.host.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deleting records of the ledger that are older than {@code <retention audit>}. */
class LedgerRetentionTest {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void deletesNothingEarlyWhenTheClockIsElevenYearsAhead() throws Exception {
        Path file = Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:sendport.db"><retention messages="P1D" audit="P30D"/></messageBox>
                  <host name="H"><smtp host="127.0.0.1" port="25" tls="none"/></host>
                  <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                </sendport>
                """);
        Routing routing = new ConfigurationReader(new CamelPlaceholders()).readRouting(file);
        try (MessageBox box = MessageBox.open(routing.messageBox(), Access.CREATE, clock)) {
            TestBox.send(box, clock, "b@customer.example");
            Checkpoints.of(routing).make(box.ledger(), clock.instant(), "H", "i");
            clock.advance(Duration.ofDays(2));
            box.upkeep().run();
        }
        clock.advance(Duration.ofDays(11 * 365));
        try (MessageBox box = MessageBox.open(routing.messageBox(), Access.WRITE, clock)) {
            LedgerRetention retention = new LedgerRetention(routing, box);
            assertThat(retention.apply(new Actor("jo", "weekly")))
                    .as("no time has passed for a process that began under that clock")
                    .isZero();
            clock.advance(Duration.ofDays(20));
            assertThat(retention.apply(new Actor("jo", "weekly"))).isPositive();
            assertThat(TestBox.verify(box, routing.messageBox().place()).fault())
                    .isEmpty();
            assertThat(TestBox.search(box, AuditFilter.all().ofKinds(List.of(Kind.PRUNED))))
                    .singleElement()
                    .satisfies(record -> assertThat(record.detail("actor")).isEqualTo("jo"));
        }
    }
}
