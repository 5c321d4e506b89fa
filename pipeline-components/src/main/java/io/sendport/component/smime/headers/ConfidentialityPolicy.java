package io.sendport.component.smime.headers;

import io.sendport.api.mail.HeaderField;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.Mailbox;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which fields stay readable outside an encrypted header (RFC 9788 section 3). */
public enum ConfidentialityPolicy {
    /** Hides the Subject, Comments and Keywords ({@code hcp_baseline}). */
    BASELINE,
    /** Also hides display names and the time zone ({@code hcp_shy}). */
    SHY;

    /** The word in the configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ConfidentialityPolicy> of(String word) {
        return List.of(values()).stream()
                .filter(each -> each.word().equals(word))
                .findFirst();
    }

    /** The outer header that replaces {@code header}. */
    HeaderFields outer(HeaderFields header) {
        List<HeaderField> outer = new ArrayList<>();
        for (HeaderField field : header.fields()) {
            value(field).ifPresent(value -> outer.add(new HeaderField(field.name(), value)));
        }
        return new HeaderFields(outer);
    }

    private Optional<String> value(HeaderField field) {
        return switch (field.name().toLowerCase(Locale.ROOT)) {
            case "subject" -> Optional.of("[...]");
            case "comments", "keywords" -> Optional.empty();
            case "from", "to", "cc" -> Optional.of(this == SHY ? addressesOnly(field.value()) : field.value());
            case "date" -> Optional.of(this == SHY ? inUtc(field.value()) : field.value());
            default -> Optional.of(field.value());
        };
    }

    /** A list that cannot be parsed stays unchanged. */
    private static String addressesOnly(String value) {
        try {
            return Mailbox.parseList(value).stream()
                    .map(each -> each.address().toString())
                    .collect(Collectors.joining(", "));
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    private static String inUtc(String value) {
        try {
            return ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .withZoneSameInstant(ZoneOffset.UTC)
                    .format(DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss '+0000'", Locale.ROOT));
        } catch (DateTimeException e) {
            return value;
        }
    }
}
