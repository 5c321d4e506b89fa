package io.sendport.host.operate;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.MessageId;
import io.sendport.api.settings.Problem;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes results as JSON, for the command line and the API. A record becomes an object with its components in order. An empty value becomes
 * null. Times are in UTC, truncated to milliseconds. Durations are in ISO 8601. Enum constants have the words that users see. Safe for use
 * by several threads.
 */
public final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            // Only the components of a record are fields, not its methods.
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .addModule(module())
            .build();

    private Json() {}

    /** Writes a value on one line. */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass() + " as JSON", e);
        }
    }

    private interface Writer<T> {
        void write(T value, JsonGenerator to, SerializerProvider all) throws IOException;
    }

    private static <T> JsonSerializer<T> serializer(Writer<T> writer) {
        return new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator to, SerializerProvider all) throws IOException {
                writer.write(value, to, all);
            }
        };
    }

    private static SimpleModule module() {
        SimpleModule module = new SimpleModule("sendport");
        module.addSerializer(Instant.class, serializer((value, to, all) -> to.writeString(utc(value))));
        module.addSerializer(Duration.class, serializer((value, to, all) -> to.writeString(value.toString())));
        module.addSerializer(MessageId.class, serializer((value, to, all) -> to.writeString(value.value())));
        module.addSerializer(MailAddress.class, serializer((value, to, all) -> to.writeString(value.toString())));
        module.addSerializer(Path.class, serializer((value, to, all) -> to.writeString(value.toString())));
        module.addSerializer(Kind.class, serializer((value, to, all) -> to.writeString(value.name())));
        module.addSerializer(Enum.class, serializer((value, to, all) -> to.writeString(Text.word(value))));
        module.addSerializer(AuditRecord.class, serializer((value, to, all) -> to.writePOJO(value.asMap())));
        module.addSerializer(
                Optional.class, serializer((value, to, all) -> to.writePOJO(value.isPresent() ? value.get() : null)));
        module.addSerializer(
                OptionalLong.class,
                serializer((value, to, all) -> to.writePOJO(value.isPresent() ? value.getAsLong() : null)));
        return module;
    }

    /** Returns the fields of a configuration problem, in order. */
    public static Map<String, Object> fields(Problem problem) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("severity", problem.severity());
        fields.put("file", problem.origin().file());
        fields.put("line", problem.origin().line());
        fields.put("column", problem.origin().column());
        fields.put("where", problem.where());
        fields.put("message", problem.message());
        fields.put("advice", problem.advice());
        return fields;
    }

    /** Formats a time in UTC, truncated to milliseconds. */
    public static String utc(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
