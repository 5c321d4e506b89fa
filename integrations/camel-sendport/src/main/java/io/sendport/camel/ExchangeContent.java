package io.sendport.camel;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.support.FileName;
import jakarta.activation.DataHandler;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.attachment.Attachment;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.converter.stream.CachedOutputStream;
import org.apache.camel.support.ExchangeHelper;

/**
 * Converts the content of an exchange: its body, and its attachments as further parts. Files, streams and attachments are streamed,
 * whatever their size. Content that can be read only once is stored in Camel's stream cache, above 128 KB in a file.
 */
final class ExchangeContent {

    private ExchangeContent() {}

    /** The parts of the message, body first. */
    static List<Part> parts(Exchange exchange, Part body) throws IOException {
        List<Part> parts = new ArrayList<>(List.of(body));
        if (exchange.getMessage() instanceof AttachmentMessage message && message.hasAttachments()) {
            for (Map.Entry<String, Attachment> each :
                    message.getAttachmentObjects().entrySet()) {
                parts.add(attachment(each.getKey(), each.getValue().getDataHandler(), parts.size() + 1, exchange));
            }
        }
        return parts;
    }

    private static Part attachment(String key, DataHandler content, int number, Exchange exchange) throws IOException {
        String name = content.getName() == null || content.getName().isBlank() ? key : content.getName();
        String type = content.getContentType() == null ? "" : content.getContentType();
        return new Part("part" + number, type, Context.empty(), streamed(content.getInputStream(), exchange))
                .withFileName(FileName.of(name));
    }

    /** The default media type of a body: plain text for a string, such as the body of a JMS text message. */
    static String type(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof String
                ? "text/plain; charset="
                        + ExchangeHelper.getCharsetName(exchange).toLowerCase(Locale.ROOT)
                : "";
    }

    /** The body of an exchange. */
    static Body body(Exchange exchange) throws IOException {
        Message in = exchange.getMessage();
        Object given = in.getBody();
        if (given instanceof StreamCache cache) {
            return cached(cache, exchange);
        }
        File file = given instanceof byte[] || given instanceof String ? null : in.getBody(File.class);
        if (file != null && file.isFile()) {
            return ofFile(file);
        }
        if (given instanceof InputStream stream) {
            return streamed(stream, exchange);
        }
        byte[] bytes = in.getBody(byte[].class);
        return bytes == null ? Body.EMPTY : Body.wrapping(bytes);
    }

    private static Body ofFile(File file) {
        return new Body() {
            @Override
            public InputStream open() throws IOException {
                return new FileInputStream(file);
            }

            @Override
            public long size() {
                return file.length();
            }
        };
    }

    private static Body streamed(InputStream stream, Exchange exchange) throws IOException {
        try (stream;
                CachedOutputStream kept = new CachedOutputStream(exchange)) {
            stream.transferTo(kept);
            return cached(kept.newStreamCache(), exchange);
        }
    }

    private static Body cached(StreamCache cache, Exchange exchange) {
        return new Body() {
            @Override
            public InputStream open() throws IOException {
                StreamCache copy = cache.copy(exchange);
                if (copy instanceof InputStream stream) {
                    stream.reset();
                    return stream;
                }
                byte[] bytes = exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, cache);
                cache.reset();
                return Body.wrapping(bytes == null ? new byte[0] : bytes).open();
            }

            @Override
            public long size() {
                return cache.length();
            }
        };
    }
}
