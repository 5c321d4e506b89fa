package io.sendport.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.settings.Problem;
import io.sendport.config.port.PortRetention;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortRetentionTest extends ReadingFixture {

    private Reading reading(String port) throws Exception {
        Path file = Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox><retention audit="P1Y"/></messageBox>
                  <host name="H"><smtp host="mail.corp.example" tls="none"/></host>
                  <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/>%s</sendPort>
                </sendport>
                """.formatted(port));
        return new ConfigurationReader(placeholders).read(file);
    }

    @Test
    void aPortOverridesOnlyTheRetentionThatItNames() throws Exception {
        Reading reading = reading("<retention bodies='P3D' messages='P1Y'/>");
        assertThat(reading.problems()).isEmpty();
        PortRetention expected =
                new PortRetention(Optional.of(Duration.ofDays(3)), Optional.of(Duration.ofDays(365)), Optional.empty());
        assertThat(reading.configuration().orElseThrow().port("P").orElseThrow().retention())
                .isEqualTo(expected);
        assertThat(new ConfigurationReader(placeholders)
                        .readRouting(folder.resolve("sendport.xml"))
                        .ports()
                        .get("P")
                        .retention())
                .isEqualTo(expected);
        assertThat(reading("")
                        .configuration()
                        .orElseThrow()
                        .port("P")
                        .orElseThrow()
                        .retention())
                .isEqualTo(PortRetention.NONE);
    }

    @Test
    void rejectsKeepingMessagesLongerThanTheirRecords() throws Exception {
        assertThat(reading("\n<retention messages='P2Y'/>").problems())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.severity()).isEqualTo(Problem.Severity.ERROR);
                    assertThat(each.origin().line()).isEqualTo(5);
                    assertThat(each.message()).contains("longer than the ledger records");
                });
    }

    @Test
    void rejectsLedgerRetentionAndDuplicateElements() throws Exception {
        assertThat(reading("<retention audit='P1Y'/>").hasErrors()).isTrue();
        assertThat(reading("<retention/><retention/>").hasErrors()).isTrue();
    }
}
