package io.sendport.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.message.MessageId;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.api.submit.Submitter;
import jakarta.activation.DataHandler;
import jakarta.activation.FileDataSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.attachment.DefaultAttachmentMessage;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The component in a Camel context of somebody else, found by its name alone. */
class SendportComponentTest {

    private static final MessageId ID = MessageId.random();

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<Submission> submitted = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private RuntimeException refusal;

    private final Submitter submitter = submission -> {
        if (refusal != null) {
            throw refusal;
        }
        submitted.add(submission);
        try (InputStream in = submission.parts().get(0).body().open()) {
            bodies.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
        return new Receipt(ID, submission.port(), false);
    };

    @BeforeEach
    void bind() {
        context.getRegistry().bind("sendport-client", submitter);
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
    }

    private Exchange send(String uri, Object body, Map<String, Object> headers) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").routeId("invoices").to(uri).setHeader("After", constant("yes"));
            }
        });
        context.start();
        try (ProducerTemplate template = context.createProducerTemplate()) {
            return template.send("direct:in", exchange -> {
                exchange.getMessage().setBody(body);
                exchange.getMessage().setHeaders(new java.util.HashMap<>(headers));
            });
        }
    }

    @Test
    void submitsBodyHeadersAndFileNameAndReturnsTheMessageId() throws Exception {
        Exchange exchange = send(
                "sendport:Invoices",
                "<Invoice/>",
                Map.of(
                        "InvoiceNo", "4711",
                        "Count", 7,
                        "Sum", new BigDecimal("1.50"),
                        "SMTP.Subject", "Your invoice",
                        "CamelFileName", "in/invoice.xml",
                        "breadcrumb.id", "x",
                        "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        "Content-Type", "application/xml",
                        "SendportDedupeKey", "invoice-4711"));
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeader(SendportHeaders.MESSAGE_ID)).isEqualTo(ID.value());
        Submission submission = submitted.get(0);
        assertThat(submission.port()).isEqualTo("Invoices");
        assertThat(submission.actor()).isEqualTo("route invoices");
        assertThat(submission.dedupeKey()).contains("invoice-4711");
        assertThat(submission.parts().get(0).contentType()).isEqualTo("application/xml");
        assertThat(submission.parts().get(0).fileName()).contains("invoice.xml");
        assertThat(submission.context().asMap())
                .containsEntry("InvoiceNo", "4711")
                .containsEntry("Trace.Parent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .doesNotContainKey("traceparent")
                .containsEntry("Count", 7L)
                .containsEntry("Sum", new BigDecimal("1.50"))
                .containsEntry("SMTP.Subject", "Your invoice")
                .doesNotContainKeys("breadcrumb.id", "Content-Type", "CamelFileName", "SendportDedupeKey");
        assertThat(bodies).containsExactly("<Invoice/>");
    }

    @Test
    void readsDedupeKeySubmitterAndActorFromItsOptions() throws Exception {
        context.getRegistry().bind("other", (Submitter) submission -> new Receipt(ID, "", false));
        context.getRegistry().bind("mine", submitter);
        send(
                "sendport:*?submitter=#mine&by=billing&dedupeKey=invoice-${header.InvoiceNo}",
                "x",
                Map.of("InvoiceNo", "4711"));
        assertThat(submitted).singleElement().satisfies(submission -> {
            assertThat(submission.port()).as("every port that subscribes").isEmpty();
            assertThat(submission.actor()).isEqualTo("billing");
            assertThat(submission.dedupeKey()).contains("invoice-4711");
        });
    }

    @Test
    void submitsStreamsAndOptionallyAttachments(@TempDir Path folder) throws Exception {
        Path terms = Files.writeString(folder.resolve("terms.txt"), "Net 30");
        for (boolean taken : List.of(true, false)) {
            submitted.clear();
            try (DefaultCamelContext own = new DefaultCamelContext();
                    ProducerTemplate template = own.createProducerTemplate()) {
                own.getRegistry().bind("submitter", submitter);
                own.start();
                template.send("sendport:Invoices?attachments=" + taken, exchange -> {
                    DefaultAttachmentMessage message = new DefaultAttachmentMessage(exchange.getMessage());
                    message.setBody(new ByteArrayInputStream("stream".getBytes(StandardCharsets.UTF_8)));
                    message.addAttachment("terms.txt", new DataHandler(new FileDataSource(terms.toFile())));
                    exchange.setMessage(message);
                });
            }
            assertThat(submitted.get(0).parts()).hasSize(taken ? 2 : 1);
        }
        assertThat(bodies).containsExactly("stream", "stream");
    }

    @Test
    void failsTheExchangeWhenTheSubmissionIsRefused() throws Exception {
        refusal = new SubmissionRefusedException("too large");
        assertThat(send("sendport:Invoices", "x", Map.of()).getException())
                .isInstanceOf(SubmissionRefusedException.class);
    }

    @Test
    void stopsTheRouteWithoutAFailureWhenOnRefusedIsStop() throws Exception {
        refusal = new SubmissionRefusedException("too large");
        Exchange stopped = send("sendport:Invoices?onRefused=STOP", "x", Map.of());
        assertThat(stopped.getException()).isNull();
        assertThat(stopped.getMessage().getHeader(SendportHeaders.REFUSAL)).isEqualTo("too large");
        assertThat(stopped.getMessage().getHeader("After"))
                .as("the route stopped")
                .isNull();
    }

    @Test
    void failsTheExchangeOnBackPressureEvenWhenOnRefusedIsStop() throws Exception {
        refusal = new NotNowException("the disk is full");
        assertThat(send("sendport:Invoices?onRefused=STOP", "x", Map.of()).getException())
                .isInstanceOf(NotNowException.class);
    }

    @Test
    void reportsAnUnknownOptionAndAMissingSubmitter() throws Exception {
        context.start();
        assertThatThrownBy(() -> context.getEndpoint("sendport:Invoices?nonsense=1"))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .hasMessageContaining("nonsense");
        try (DefaultCamelContext empty = new DefaultCamelContext();
                ProducerTemplate template = empty.createProducerTemplate()) {
            empty.start();
            assertThatThrownBy(() -> template.sendBody("sendport:Invoices", "x"))
                    .isInstanceOf(CamelExecutionException.class)
                    .hasRootCauseMessage(
                            "the registry has 0 beans of type Submitter, expected one; bind a SendportClient, or name one with submitter=#bean");
        }
    }

    @Test
    void listsEveryOptionInTheCatalog() throws Exception {
        JsonNode catalog = new ObjectMapper()
                .readTree(
                        Files.readString(Path.of("src/generated/resources/META-INF/io/sendport/camel/sendport.json")));
        List<String> options = new ArrayList<>();
        for (Iterator<String> names = catalog.get("properties").fieldNames(); names.hasNext(); ) {
            options.add(names.next());
        }
        assertThat(options).contains("port", "attachments", "by", "dedupeKey", "onRefused", "submitter");
        for (java.lang.reflect.Field field : SendportEndpoint.class.getDeclaredFields()) {
            assertThat(options).contains(field.getName());
        }
    }
}
