package io.sendport.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sendport.api.message.Context;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/** Writes properties for the outbox: an object of strings, numbers, booleans, and times as {@code {"time": "2026-11-29T10:00:00Z"}}. */
final class PropertiesJson {

    private static final JsonFactory JSON = new JsonFactory();

    private PropertiesJson() {}

    static String of(Context context) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, Object> each : context.asMap().entrySet()) {
                json.writeFieldName(each.getKey());
                write(json, each.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            // Keeps the decimal point, because 1 and 1.0 are values of different types.
            json.writeNumber(
                    number.scale() > 0
                            ? number.toPlainString()
                            : number.setScale(1).toPlainString());
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Instant time) {
            json.writeStartObject();
            json.writeStringField("time", time.toString());
            json.writeEndObject();
        } else {
            json.writeString(value.toString());
        }
    }
}
