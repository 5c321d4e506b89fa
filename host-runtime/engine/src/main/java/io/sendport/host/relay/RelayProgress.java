package io.sendport.host.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.MessageId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The progress of a stored mail on its way to the next hop.
 *
 * @param number the number of the mail
 * @param sender the return path; empty for {@code <>}
 * @param open the recipients that the next hop has not accepted and may still accept
 * @param refused the recipients that it refused permanently
 * @param transparency what the next hop must be able to carry
 * @param mimeMessageId its Message-ID with angle brackets; empty when it has none
 * @param sha256 the SHA-256 of the stored mail
 * @param filedAt when it was stored
 * @param attempts the number of attempts so far
 * @param started whether an attempt was in progress when this was written
 * @param due the earliest time of the next attempt
 * @param why the last answer; empty before the first
 */
record RelayProgress(
        long number,
        Optional<MailAddress> sender,
        List<MailAddress> open,
        List<MailAddress> refused,
        Transparency transparency,
        String mimeMessageId,
        String sha256,
        Instant filedAt,
        int attempts,
        boolean started,
        Instant due,
        String why) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The id of the message, with which Sendport's Message-ID starts. Empty for any other Message-ID. */
    Optional<MessageId> message() {
        int at = mimeMessageId.indexOf('@');
        try {
            return at < 1 ? Optional.empty() : Optional.of(new MessageId(mimeMessageId.substring(1, at)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The progress when another attempt starts. */
    RelayProgress begun() {
        return with(open, refused, attempts + 1, true, due, why);
    }

    /** The progress after an attempt: {@code left} have not received the mail yet, and {@code refusedNow} refused it. */
    RelayProgress ended(List<MailAddress> left, List<MailAddress> refusedNow, Instant next, String answer) {
        return with(left, refusedNow, attempts, false, next, answer);
    }

    private RelayProgress with(
            List<MailAddress> left,
            List<MailAddress> refusedNow,
            int made,
            boolean underWay,
            Instant next,
            String answer) {
        return new RelayProgress(
                number,
                sender,
                List.copyOf(left),
                List.copyOf(refusedNow),
                transparency,
                mimeMessageId,
                sha256,
                filedAt,
                made,
                underWay,
                next,
                answer);
    }

    /** The content of the progress file. */
    Map<String, Object> asMap() {
        Map<String, Object> json = new TreeMap<>();
        json.put("number", number);
        json.put("sender", sender.map(MailAddress::toString).orElse(""));
        json.put("open", open.stream().map(MailAddress::toString).toList());
        json.put("refused", refused.stream().map(MailAddress::toString).toList());
        json.put("transparency", transparency.name());
        json.put("mimeMessageId", mimeMessageId);
        json.put("sha256", sha256);
        json.put("filedAt", filedAt.toString());
        json.put("attempts", attempts);
        json.put("started", started);
        json.put("due", due.toString());
        json.put("why", why);
        return json;
    }

    /**
     * Reads a progress file.
     *
     * @throws IOException when it cannot be read, or is not a progress file
     */
    static RelayProgress read(Path file) throws IOException {
        try {
            JsonNode json = JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
            String sender = json.path("sender").asText();
            return new RelayProgress(
                    json.path("number").asLong(),
                    sender.isEmpty() ? Optional.empty() : Optional.of(MailAddress.parse(sender)),
                    addresses(json.path("open")),
                    addresses(json.path("refused")),
                    Transparency.valueOf(json.path("transparency").asText()),
                    json.path("mimeMessageId").asText(),
                    json.path("sha256").asText(),
                    Instant.parse(json.path("filedAt").asText()),
                    json.path("attempts").asInt(),
                    json.path("started").asBoolean(),
                    Instant.parse(json.path("due").asText()),
                    json.path("why").asText());
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            throw new IOException(file + " is not a valid progress file of a mail: " + e.getMessage(), e);
        }
    }

    private static List<MailAddress> addresses(JsonNode list) {
        List<MailAddress> all = new ArrayList<>();
        list.forEach(each -> all.add(MailAddress.parse(each.asText())));
        return all;
    }
}
