package io.sendport.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.outcome.OutcomeSource;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.Submitter;
import io.sendport.client.SendportClient;
import io.sendport.config.build.SendportConfiguration;
import io.sendport.config.build.SmtpBuilder.Tls;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

class SendportStarterTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SendportClientAutoConfiguration.class,
                    SendportHostAutoConfiguration.class,
                    SendportHealthAutoConfiguration.class));

    private static final String SQLITE_ALONE = """
            <sendport xmlns="urn:sendport:config:1">
              <messageBox url="jdbc:sqlite:box.db"/>
              <host name="Mail"><auditRelay embedded="true" archive="relay"/></host>
              <sendPort name="Invoices" host="Mail" initialState="stopped">
                <mail from="a@corp.example" to="b@customer.example"/>
              </sendPort>
            </sendport>
            """;

    private static Submission invoice(String text) {
        return Submission.to("Invoices")
                .body("text/plain", Body.of(text, StandardCharsets.UTF_8))
                .by("billing")
                .build();
    }

    @Test
    void createsNoSubmitterWithoutSettingsOrWhenDisabled() {
        application.run(context -> assertThat(context).doesNotHaveBean(Submitter.class));
        application
                .withPropertyValues(
                        "sendport.enabled=false",
                        "sendport.client.url=https://sendport.example",
                        "sendport.client.token=t")
                .run(context -> assertThat(context).doesNotHaveBean(Submitter.class));
    }

    @Test
    void createsAnHttpClientForAServerUrlAndRequiresAToken() {
        application
                .withPropertyValues(
                        "sendport.client.url=https://sendport.example", "sendport.client.token=secret-token")
                .run(context -> {
                    assertThat(context).hasSingleBean(SendportClient.class);
                    assertThat(context.getBean(SendportProperties.class).toString())
                            .doesNotContain("secret-token");
                });
        application
                .withPropertyValues("sendport.client.url=https://sendport.example")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("sendport token add NAME --role submitter:PORT"));
    }

    @Test
    void usesTheOutboxWithADataSourceAndCanRequireATransaction() {
        application
                .withBean(DataSource.class, SimpleDriverDataSource::new)
                .withPropertyValues("sendport.client.transactions=mandatory")
                .run(context -> assertThatThrownBy(
                                () -> context.getBean(Submitter.class).submit(invoice("x")))
                        .isInstanceOf(IllegalTransactionStateException.class)
                        .hasMessageContaining("@Transactional"));
        application
                .withClassLoader(new FilteredClassLoader("org.springframework.jdbc"))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void createsNoSubmitterWhenTheApplicationDefinesOne() {
        Submitter own = submission -> {
            throw new NotNowException("never");
        };
        application
                .withBean(Submitter.class, () -> own)
                .withBean(DataSource.class, SimpleDriverDataSource::new)
                .run(context -> {
                    assertThat(context.getBean(Submitter.class)).isSameAs(own);
                    assertThat(context).hasSingleBean(OutcomeSource.class);
                });
    }

    @Test
    void runsHostsEvenWhenTheApplicationDefinesASubmitter(@TempDir Path folder) throws Exception {
        Submitter own = submission -> {
            throw new NotNowException("never");
        };
        Path file = Files.writeString(folder.resolve("sendport.xml"), SQLITE_ALONE);
        application
                .withBean(Submitter.class, () -> own)
                .withPropertyValues("sendport.mode=host", "sendport.host.config=" + file)
                .run(context -> {
                    assertThat(context.getBean(Submitter.class)).isSameAs(own);
                    assertThat(context.getBean(SendportHost.class).isRunning()).isTrue();
                    assertThat(context).hasSingleBean(OutcomeSource.class);
                    assertThat(context).hasSingleBean(HealthIndicator.class);
                });
    }

    /** The message would be sent even if the transaction is rolled back. */
    @Test
    void refusesToSubmitInATransactionThatItCannotJoin(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("sendport.xml"), SQLITE_ALONE);
        application
                .withPropertyValues("sendport.mode=host", "sendport.host.config=" + file)
                .run(context -> {
                    Submitter submitter = context.getBean(Submitter.class);
                    TransactionSynchronizationManager.setActualTransactionActive(true);
                    try {
                        assertThatThrownBy(() -> submitter.submit(invoice("x")))
                                .isInstanceOf(IllegalTransactionStateException.class)
                                .hasMessageContaining("sendport.host.transactions=ignore");
                    } finally {
                        TransactionSynchronizationManager.setActualTransactionActive(false);
                    }
                    assertThat(submitter.submit(invoice("x")).duplicate()).isFalse();
                });
        application
                .withPropertyValues(
                        "sendport.mode=host", "sendport.host.config=" + file, "sendport.host.transactions=ignore")
                .run(context -> {
                    TransactionSynchronizationManager.setActualTransactionActive(true);
                    try {
                        assertThat(context.getBean(Submitter.class)
                                        .submit(invoice("y"))
                                        .duplicate())
                                .isFalse();
                    } finally {
                        TransactionSynchronizationManager.setActualTransactionActive(false);
                    }
                });
    }

    /** A component of the application, known to the configuration by the name of its bean. */
    record Shout() implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) throws IOException {
            try (InputStream in = message.parts().get(0).body().open()) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return Optional.of(message.withBody(Body.of(text.toUpperCase(Locale.ROOT), StandardCharsets.UTF_8)));
            }
        }
    }

    @Test
    void runsSendPortsWithTheApplicationsBeansMetersAndProperties(@TempDir Path folder) throws Exception {
        try (ScriptedServer relay = new ScriptedServer()) {
            Path file = Files.writeString(folder.resolve("sendport.xml"), """
                    <sendport xmlns="urn:sendport:config:1">
                      <messageBox url="jdbc:sqlite:box.db"/>
                      <host name="Mail"><smtp host="127.0.0.1" port="{{relay.port}}" tls="none"/></host>
                      <pipeline name="Loud"><preAssemble><component bean="shout"/></preAssemble></pipeline>
                      <sendPort name="Invoices" host="Mail" pipeline="Loud">
                        <mail from="{{billing.sender}}" to="b@customer.example"/>
                      </sendPort>
                    </sendport>
                    """);
            List<String> tracers = new CopyOnWriteArrayList<>();
            application
                    .withBean("shout", Shout.class, Shout::new)
                    .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                    .withBean(OpenTelemetry.class, () -> tracing(tracers))
                    .withPropertyValues(
                            "sendport.mode=host",
                            "sendport.host.config=" + file,
                            "relay.port=" + relay.port(),
                            "billing.sender=billing@corp.example")
                    .run(context -> {
                        Receipt receipt = context.getBean(Submitter.class).submit(invoice("pay, please"));
                        assertThat(receipt.duplicate()).isFalse();
                        Patience.until(() -> relay.mails().size() == 1);
                        assertThat(relay.mails().get(0))
                                .as("PAY, PLEASE in base64")
                                .contains("UEFZLCBQTEVBU0U")
                                .contains("billing@corp.example");
                        assertThat(context.getBean(HealthIndicator.class)
                                        .health()
                                        .getStatus())
                                .isEqualTo(Status.UP);
                        Patience.until(() -> !context.getBean(MeterRegistry.class)
                                .find("sendport.recipients")
                                .counters()
                                .isEmpty());
                        assertThat(tracers).contains("io.sendport");
                        SendportHost host = context.getBean(SendportHost.class);
                        host.stop();
                        assertThat(host.isRunning()).isFalse();
                        assertThat(context.getBean(HealthIndicator.class)
                                        .health()
                                        .getStatus())
                                .isEqualTo(Status.DOWN);
                        assertThatThrownBy(
                                        () -> context.getBean(Submitter.class).submit(invoice("x")))
                                .isInstanceOf(NotNowException.class);
                    });
        }
    }

    /** The tracing of an application, which notes who asks for a tracer. */
    private static OpenTelemetry tracing(List<String> tracers) {
        return new OpenTelemetry() {
            @Override
            public TracerProvider getTracerProvider() {
                return new TracerProvider() {
                    @Override
                    public Tracer get(String scope) {
                        tracers.add(scope);
                        return TracerProvider.noop().get(scope);
                    }

                    @Override
                    public Tracer get(String scope, String version) {
                        return get(scope);
                    }
                };
            }

            @Override
            public ContextPropagators getPropagators() {
                return ContextPropagators.noop();
            }
        };
    }

    @Test
    void runsAConfigurationThatIsDefinedAsABean(@TempDir Path folder) throws Exception {
        try (ScriptedServer relay = new ScriptedServer()) {
            application
                    .withBean(SendportConfiguration.class, () -> SendportConfiguration.builder()
                            .folder(folder)
                            .messageBox(box -> box.sqlite(Path.of("box.db")))
                            .host(
                                    "Mail",
                                    host -> host.smtp(smtp -> smtp.server("127.0.0.1", relay.port())
                                            .tls(Tls.NONE)))
                            .port("Invoices", port -> port.from("billing@corp.example")
                                    .to("b@customer.example")
                                    .pipeline(pipeline -> pipeline.component(new Shout())))
                            .build())
                    .withPropertyValues("sendport.mode=host", "sendport.host.config=/nowhere.xml")
                    .run(context -> {
                        context.getBean(Submitter.class).submit(invoice("pay, please"));
                        Patience.until(() -> relay.mails().size() == 1);
                        assertThat(relay.mails().get(0)).contains("UEFZLCBQTEVBU0U");
                    });
        }
    }

    @Test
    void reportsTheLocationOfAConfigurationProblem(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("sendport.xml"), "<sendport xmlns=\"urn:sendport:config:1\"><nonsense/></sendport>");
        application
                .withPropertyValues("sendport.mode=host", "sendport.host.config=" + file)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("sendport.xml:1:"));
    }

    @Test
    void describesItsPropertiesForEditorsAndOnThePage() throws Exception {
        String page = Files.readString(Path.of("../../docs/spring-boot.md"));
        try (InputStream in = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            assertThat(in).isNotNull();
            String metadata = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<String> properties = Pattern.compile(
                            "\"name\": \"(sendport\\.[a-z.]+)\",\\s+\"type\": \"(?!io\\.sendport\\.spring\\.SendportProperties\\$(Client|Host|Outcomes)\")")
                    .matcher(metadata)
                    .results()
                    .map(each -> each.group(1))
                    .toList();
            assertThat(properties).hasSizeGreaterThan(8);
            assertThat(properties).allSatisfy(each -> assertThat(page).contains("| `" + each + "` |"));
            assertThat(metadata).contains("the database schema of the outbox");
        }
    }
}
