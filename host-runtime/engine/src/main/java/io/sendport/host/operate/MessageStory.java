package io.sendport.host.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The whole life of a message, from the ledger and the message box, so that nobody needs a log file.
 *
 * @param message what is known of it now
 * @param events what happened, in order
 */
public record MessageStory(MessageDetails message, List<Event> events) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Something that is on the ledger, and what the message box adds to it.
     *
     * @param record the ledger's
     * @param steps the pipeline's steps, where an attempt began
     * @param took how long an attempt took, where one ended
     * @param dialogue its lines, credentials and content left out, where one ended
     */
    public record Event(AuditRecord record, List<Step> steps, Optional<Duration> took, List<String> dialogue) {}

    /**
     * A pipeline component that ran.
     *
     * @param stage where
     * @param component its name
     * @param took how long
     */
    public record Step(String stage, String component, Duration took) {}

    static Event event(AuditRecord record, List<MessageQueries.Attempt> attempts) {
        Optional<MessageQueries.Attempt> attempt = attempts.stream()
                .filter(each -> record.header("delivery").equals(Integer.toString(each.delivery()))
                        && record.header("attempt").equals(Integer.toString(each.no())))
                .findFirst();
        if (attempt.isEmpty()) {
            return new Event(record, List.of(), Optional.empty(), List.of());
        }
        if (record.is(Kind.ATTEMPT_STARTED)) {
            return new Event(record, steps(attempt.get()), Optional.empty(), List.of());
        }
        JsonNode result = parse(attempt.get().result().orElse("{}"));
        List<String> dialogue = new ArrayList<>();
        result.path("dialogue").forEach(line -> dialogue.add(line.asText()));
        return new Event(
                record,
                List.of(),
                Optional.of(Duration.ofMillis(result.path("millis").asLong())),
                dialogue);
    }

    private static List<Step> steps(MessageQueries.Attempt attempt) {
        List<Step> steps = new ArrayList<>();
        parse(attempt.components())
                .forEach(each -> steps.add(new Step(
                        each.path("stage").asText(),
                        each.path("component").asText(),
                        Duration.ofNanos(each.path("micros").asLong() * 1_000))));
        return steps;
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an attempt in the message box is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
