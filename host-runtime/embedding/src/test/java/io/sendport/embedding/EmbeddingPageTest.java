package io.sendport.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.message.Body;
import io.sendport.api.settings.Secret;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.config.build.SendportConfiguration;
import io.sendport.config.build.SmtpBuilder.Tls;
import io.sendport.host.Sendport;
import io.sendport.host.box.MessageState;
import io.sendport.testing.DocumentedJava;
import io.sendport.testing.ScriptedServer;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/embedding.md are code. */
@Timeout(300)
class EmbeddingPageTest {

    @TempDir
    private Path folder;

    private static final MessageComponent NO_CHANGE = (message, scope) -> Optional.of(message);

    @Test
    void showsExamplesThatCompileAndAreValid() throws Exception {
        assertThat(DocumentedJava.compile(Path.of("../../docs/embedding.md"), folder))
                .isEmpty();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            Method configuration = loader.loadClass("Reminders")
                    .getDeclaredMethod("configuration", String.class, int.class, Secret.class, MessageComponent.class);
            configuration.setAccessible(true);
            SendportConfiguration built = (SendportConfiguration)
                    configuration.invoke(null, "relay.example", 587, new Secret("s3cret-canary"), NO_CHANGE);
            assertThat(Sendport.configuredBy(built).read().configuration().port("Reminders"))
                    .isPresent();
        }
    }

    @Test
    void sendsWithAConfigurationBuiltInJava() throws Exception {
        MessageComponent redact = (message, scope) ->
                Optional.of(message.withContext(message.context().with("Number", "****")));
        try (ScriptedServer relay = new ScriptedServer()) {
            SendportConfiguration configuration = SendportConfiguration.builder()
                    .folder(folder)
                    .messageBox(box -> box.sqlite(Path.of("box.db")))
                    .host(
                            "main",
                            host -> host.smtp(smtp ->
                                    smtp.server("127.0.0.1", relay.port()).tls(Tls.NONE)))
                    .port("Invoices", port -> port.from("a@corp.example")
                            .to("b@customer.example")
                            .subject("Invoice %Number%")
                            .pipeline(pipeline -> pipeline.component(redact)))
                    .build();
            try (Sendport sendport = Sendport.configuredBy(configuration).start()) {
                Receipt receipt = sendport.submitter()
                        .submit(Submission.to("Invoices")
                                .body("text/plain", Body.of("hello", StandardCharsets.US_ASCII))
                                .with("Number", "4711")
                                .by("test")
                                .build());
                assertThat(sendport.operations()
                                .submissions()
                                .await(receipt.id(), Duration.ofMinutes(2))
                                .state())
                        .isEqualTo(MessageState.DONE);
            }
            assertThat(relay.mails()).singleElement().asString().contains("Subject: Invoice ****");
        }
    }
}
