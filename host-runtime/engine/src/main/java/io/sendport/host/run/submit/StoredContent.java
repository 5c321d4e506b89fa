package io.sendport.host.run.submit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.host.box.outbox.StoredSubmission;
import io.sendport.host.box.outbox.StoredSubmission.StoredPart;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Converts a row of the outbox to a submission. Checks everything, because any application can write the row. */
final class StoredContent {

    private static final int MAX_PROPERTIES = 1_000;
    private static final int MAX_NUMBER = 100;
    private static final String TIME = "time";

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2)
                    .maxNumberLength(MAX_NUMBER)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private StoredContent() {}

    /**
     * Returns the submission that a row describes.
     *
     * @throws SubmissionRefusedException when the row is not a valid submission, or the role may not submit to the port
     */
    static Submission submission(StoredSubmission stored) {
        if (!stored.mayUsePort()) {
            throw new SubmissionRefusedException("role " + stored.submittedBy() + " may not submit to "
                    + (stored.port().isEmpty() ? "all ports that subscribe" : "port " + stored.port())
                    + "; to allow it, insert a row into submission_grant"
                    + (stored.port().isEmpty() ? " with port '*'" : "")
                    + ", then set refusal of the submission to NULL");
        }
        List<Part> parts = new ArrayList<>();
        for (StoredPart each : stored.parts()) {
            if (each.no() != parts.size()) {
                throw new SubmissionRefusedException("part " + parts.size() + " is missing; parts are numbered from 0");
            }
            parts.add(part(each));
        }
        Context context = context(stored.properties(), "properties");
        Optional<String> name = parts.get(0).fileName();
        if (name.isPresent()) {
            context = context.with(MessageProperties.FILE_NAME, name.get());
        }
        return new Submission(stored.port(), context, parts, stored.dedupeKey(), stored.submittedBy());
    }

    private static Part part(StoredPart part) {
        Context context = context(part.properties(), "part_properties of part " + part.no());
        if (part.fileName().isPresent()) {
            context = context.with(MessageProperties.FILE_NAME, part.fileName().get());
        }
        String name = part.no() == 0 ? "body" : "part" + (part.no() + 1);
        return new Part(name, part.contentType(), context, body(part));
    }

    private static Body body(StoredPart part) {
        if (!part.isWhole()) {
            throw new SubmissionRefusedException(
                    "the chunks of part " + part.no() + " have a gap; number them from 0 without a gap");
        }
        if (part.inRow().isPresent() == part.inChunks().isPresent()) {
            throw new SubmissionRefusedException("part " + part.no()
                    + (part.inRow().isPresent()
                            ? " has a body in its row and also rows in submission_chunk; store only one of them"
                            : " has no body; store it in its row, or as rows in submission_chunk"));
        }
        return part.inRow().or(part::inChunks).orElseThrow();
    }

    /** Parses a flat JSON object of texts, numbers, true or false, and times as {@code {"time": "2026-11-29T10:00:00Z"}}. */
    private static Context context(String json, String column) {
        try (JsonParser parser = JSON.createParser(json)) {
            Map<String, Object> values = new HashMap<>();
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new SubmissionRefusedException(
                        column + " is not a JSON object, such as {\"InvoiceNo\": \"4711\"}");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                values.put(name, value(parser, column));
                if (values.size() > MAX_PROPERTIES) {
                    throw new SubmissionRefusedException(column + " has more than " + MAX_PROPERTIES + " properties");
                }
            }
            if (parser.nextToken() != null) {
                throw new SubmissionRefusedException(column + " has text after its JSON object");
            }
            return Context.of(values);
        } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new SubmissionRefusedException(column + " cannot be read as properties: " + reason(e), e);
        }
    }

    private static Object value(JsonParser parser, String column) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getBigIntegerValue().longValueExact();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_OBJECT -> time(parser, column);
            default ->
                throw new SubmissionRefusedException(column + " has a value of another type at "
                        + parser.currentLocation().offsetDescription()
                        + "; expected text, number, true, false or {\"time\": \"...\"}");
        };
    }

    private static Instant time(JsonParser parser, String column) throws IOException {
        boolean isTime = parser.nextToken() == JsonToken.FIELD_NAME
                && parser.currentName().equals(TIME)
                && parser.nextToken() == JsonToken.VALUE_STRING;
        if (!isTime) {
            throw new SubmissionRefusedException(column
                    + " has an object as a value, and only a time may be one: {\"time\": \"2026-11-29T10:00:00Z\"}."
                    + " Use a text, a number, true or false for other values");
        }
        Instant time = Instant.parse(parser.getText());
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            throw new SubmissionRefusedException(column + " has more than \"time\" in a value that is a time");
        }
        return time;
    }

    /** The reason of a failure, without the JSON itself, which is content of the application. */
    private static String reason(Exception e) {
        return e instanceof JsonProcessingException json ? json.getOriginalMessage() : String.valueOf(e.getMessage());
    }
}
