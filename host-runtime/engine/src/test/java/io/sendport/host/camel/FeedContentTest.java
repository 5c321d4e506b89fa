package io.sendport.host.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import jakarta.activation.DataHandler;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.DefaultAttachmentMessage;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a route gives, as it is submitted. */
class FeedContentTest {

    private static final int LARGE = 3 << 20;

    @TempDir
    private Path folder;

    private final List<List<String>> submitted = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final List<String> spooled = new ArrayList<>();

    private Receipt take(Submission submission) {
        List<String> read = new ArrayList<>();
        for (Part part : submission.parts()) {
            // Twice, as one who tries again does.
            read.add(read(part));
            assertThat(read(part)).isEqualTo(read.get(read.size() - 1));
            assertThat(part.body().size()).isEqualTo(read.get(read.size() - 1).length());
        }
        parts.addAll(submission.parts());
        submitted.add(read);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                spooled.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new Receipt(MessageId.random(), submission.port(), false);
    }

    private static String read(Part part) {
        try (InputStream in = part.body().open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void submit(java.util.function.Consumer<Exchange> with) throws Exception {
        try (HostCamelContext shell = new HostCamelContext("H", Map.of(), Set.of("P"), this::take, Clock.systemUTC())) {
            shell.spoolInto(folder);
            shell.start();
            Exchange exchange = new DefaultExchange(shell.context());
            with.accept(exchange);
            try (var template = shell.context().createProducerTemplate()) {
                Exchange done = template.send("sendport:P", exchange);
                assertThat(done.getException()).isNull();
            }
        }
    }

    /** That can be read once, as what comes over a network. */
    private static InputStream once(byte[] content) {
        return new FilterInputStream(new ByteArrayInputStream(content)) {
            @Override
            public boolean markSupported() {
                return false;
            }

            @Override
            public synchronized void reset() throws IOException {
                throw new IOException("read already");
            }
        };
    }

    @Test
    void spoolsALargeStreamEncrypted() throws Exception {
        submit(exchange ->
                exchange.getMessage().setBody(once("invoice ".repeat(LARGE / 8).getBytes(StandardCharsets.US_ASCII))));
        assertThat(submitted)
                .singleElement()
                .satisfies(read -> assertThat(read.get(0)).hasSize(LARGE).startsWith("invoice "));
        assertThat(spooled).singleElement().asString().hasSize(LARGE).doesNotContain("invoice");
    }

    @Test
    void turnsAttachmentsIntoParts() throws Exception {
        submit(exchange -> {
            DefaultAttachmentMessage message = new DefaultAttachmentMessage(exchange.getIn());
            message.setBody("see the files");
            message.addAttachment("a", new DataHandler(source("one", "text/plain", "../first.txt")));
            message.addAttachment("second.csv", new DataHandler(source("two", "text/csv", "")));
            exchange.setMessage(message);
        });
        assertThat(submitted).containsExactly(List.of("see the files", "one", "two"));
        assertThat(parts)
                .extracting(part -> part.fileName().orElse("-"))
                .containsExactly("-", "first.txt", "second.csv");
        assertThat(parts)
                .extracting(Part::contentType)
                .containsExactly("text/plain; charset=utf-8", "text/plain", "text/csv");
    }

    private static ByteArrayDataSource source(String content, String type, String name) {
        ByteArrayDataSource source = new ByteArrayDataSource(content.getBytes(StandardCharsets.US_ASCII), type);
        source.setName(name);
        return source;
    }
}
