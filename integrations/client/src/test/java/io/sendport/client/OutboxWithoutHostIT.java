package io.sendport.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.Routing;
import io.sendport.host.Sendport;
import io.sendport.host.TestPostgres;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Verdict;
import io.sendport.host.operate.ConditionView;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.StatusView;
import io.sendport.testing.InTurn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Status must not be green while submissions wait and no host runs. */
@Timeout(300)
@InTurn
class OutboxWithoutHostIT {

    private static final String CONFIGURATION = """
            <sendport xmlns="urn:sendport:config:1">
              <messageBox url="%s" user="postgres" password="postgres"/>
              <host name="Mail"><smtp host="127.0.0.1" port="25" tls="none"/></host>
              <sendPort name="Invoices" host="Mail"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
            </sendport>
            """;

    @Test
    void statusReportsWaitingSubmissions(@TempDir Path folder) throws Exception {
        String url = TestPostgres.newDatabase();
        Path file = Files.writeString(folder.resolve("sendport.xml"), CONFIGURATION.formatted(url));
        Routing routing;
        try (Sendport host = Sendport.configuredBy(file).start()) {
            routing = host.operations().routing();
        }
        TestPostgres.execute(
                TestPostgres.database(url),
                "INSERT INTO submission (id, port, body, submitted_at)"
                        + " VALUES (gen_random_uuid(), 'Invoices', 'x', now() - INTERVAL '2 minutes')");

        try (Operations operations = Operations.reading(routing, Clock.systemUTC())) {
            StatusView status = operations.status().now();

            assertThat(status.conditions()).extracting(ConditionView::kind).contains(ConditionKind.SUBMISSIONS_WAITING);
            assertThat(status.verdict()).isNotEqualTo(Verdict.DELIVERING);
        }
    }
}
