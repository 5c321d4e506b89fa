package io.sendport.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.outcome.OutcomeKind;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.Submitter;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class OutcomeListenersTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SendportClientAutoConfiguration.class,
                    SendportHostAutoConfiguration.class,
                    SendportOutcomesAutoConfiguration.class));

    /** Fails once, as a listener may. */
    static final class Billing {
        final List<OutcomeEvent> events = new CopyOnWriteArrayList<>();
        private int calls;

        @SendportListener
        void sent(OutcomeEvent event) {
            if (calls++ == 0) {
                throw new IllegalStateException("the table is locked");
            }
            events.add(event);
        }
    }

    static final class Wrong {
        @SendportListener
        void sent(String event) {
            assertThat(event).isEmpty();
        }
    }

    @Test
    void repeatsAnEventAfterAFailureButNotAfterARestart(@TempDir Path folder) throws Exception {
        try (ScriptedServer relay = new ScriptedServer()) {
            Path file = Files.writeString(folder.resolve("sendport.xml"), """
                    <sendport xmlns="urn:sendport:config:1">
                      <messageBox url="jdbc:sqlite:box.db"/>
                      <host name="Mail"><smtp host="127.0.0.1" port="%d" tls="none"/></host>
                      <sendPort name="Invoices" host="Mail">
                        <mail from="a@corp.example" to="b@customer.example"/>
                      </sendPort>
                    </sendport>
                    """.formatted(relay.port()));
            ApplicationContextRunner host = application
                    .withBean("billing", Billing.class, Billing::new)
                    .withPropertyValues(
                            "sendport.mode=host",
                            "sendport.host.config=" + file,
                            "sendport.outcomes.folder=" + folder.resolve("positions"));
            host.run(context -> {
                submit(context.getBean(Submitter.class), "1");
                Billing billing = context.getBean(Billing.class);
                Patience.until(() -> billing.events.size() == 1);
                assertThat(billing.events.get(0).kind()).isEqualTo(OutcomeKind.ACCEPTED);
                Patience.until(() -> Files.exists(folder.resolve("positions/billing.sent.position")));
            });
            host.run(context -> {
                submit(context.getBean(Submitter.class), "2");
                Billing billing = context.getBean(Billing.class);
                Patience.until(() -> billing.events.size() == 1);
                assertThat(billing.events.get(0).dedupeKey()).contains("2");
            });
        }
    }

    private static void submit(Submitter submitter, String key) {
        submitter.submit(Submission.to("Invoices")
                .body("text/plain", Body.of("x", StandardCharsets.UTF_8))
                .dedupeKey(key)
                .by("billing")
                .build());
    }

    @Test
    void rejectsAListenerWithAWrongParameterOrWithoutAPositionFolder() {
        ApplicationContextRunner client = application.withPropertyValues(
                "sendport.client.url=https://sendport.example", "sendport.client.token=t");
        client.withBean(Wrong.class, Wrong::new).run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageContaining("needs exactly one parameter, an OutcomeEvent"));
        client.withBean(Billing.class, Billing::new)
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("sendport.outcomes.folder"));
    }
}
