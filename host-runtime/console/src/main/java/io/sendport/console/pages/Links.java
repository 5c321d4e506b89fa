package io.sendport.console.pages;

import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageState;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.operate.Ages;
import io.sendport.host.operate.ConditionView;
import io.sendport.host.operate.PortNeed;
import io.sendport.support.text.Text;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Addresses and words that pages have in common. */
public final class Links {

    private static final int BRIEF = 8;

    private Links() {}

    /** Exactly the messages that a condition is about. */
    public static String to(ConditionView.Messages messages) {
        List<String> parameters = new ArrayList<>();
        messages.ports().forEach(port -> parameters.add("port=" + encoded(port)));
        parameters.add("state="
                + encoded(messages.states().stream().map(MessageState::word).collect(Collectors.joining(","))));
        return "/messages?" + String.join("&", parameters);
    }

    /** The messages of a port. */
    public static String toPort(String name) {
        return "/messages?port=" + encoded(name);
    }

    /** A message. */
    public static String toMessage(MessageId id) {
        return "/messages/" + encoded(id.value());
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The beginning of an id, as people say it. */
    public static String brief(MessageId id) {
        return id.value().substring(0, Math.min(BRIEF, id.value().length()));
    }

    /** A time in UTC, to the second. */
    public static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", "");
    }

    /** A number of seconds as people say it; empty for none. */
    public static String age(OptionalLong seconds) {
        return seconds.isPresent() ? Ages.brief(Duration.ofSeconds(seconds.getAsLong())) : "";
    }

    /** What a port waits for. */
    public static String need(Optional<PortNeed> need) {
        return need.map(PortNeed::word).orElse("");
    }

    /** {@code deliveringWithProblems} as words. */
    public static String words(String word) {
        return word.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    /** A constant in the word that users know. */
    public static String word(Enum<?> constant) {
        return words(Text.word(constant));
    }

    /** The kind of a record in words. */
    public static String kind(AuditRecord record) {
        return record.header("kind").toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** What a record tells beyond its kind: who, why, and what came next. */
    public static String told(AuditRecord record) {
        return List.of("actor", "reason", "relay", "detail", "next").stream()
                .filter(name -> !record.detail(name).isEmpty())
                .map(name -> name + ": " + record.detail(name))
                .collect(Collectors.joining("; "));
    }
}
