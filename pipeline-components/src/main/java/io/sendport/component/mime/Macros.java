package io.sendport.component.mime;

import io.sendport.api.message.Message;
import io.sendport.api.template.MacroText;
import io.sendport.api.template.MacroText.Macro;
import io.sendport.support.FileName;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Expands {@code %Name%} in the settings of a mail: BizTalk's macros and any context property. All times are the submission time, so that
 * every attempt renders the same mail. A macro without a value is refused; {@code %%} is a percent sign.
 */
final class Macros {

    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HHmmss");
    private static final DateTimeFormatter DATE_TIME_2000 = DateTimeFormatter.ofPattern("uuuuMMddHHmmssSSS");
    private static final DateTimeFormatter DATE_TIME_ZONE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HHmmssxx");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");
    private static final DateTimeFormatter TIME_ZONE = DateTimeFormatter.ofPattern("HHmmssxx");

    private final Message message;
    private final ZoneId zone;

    Macros(Message message, ZoneId zone) {
        this.message = message;
        this.zone = zone;
    }

    /**
     * {@code template} with its macros resolved.
     *
     * @throws AssemblyException when a macro has no value; the message starts with {@code where}
     */
    String expand(String template, String where) {
        return MacroText.parse(template).expand(macro -> value(macro, where));
    }

    /**
     * The value of a macro, unchanged.
     *
     * @throws AssemblyException when it has no value; the message starts with {@code where}
     */
    String value(Macro macro, String where) {
        return value(macro.name())
                .orElseThrow(() -> new AssemblyException(where + ": the macro " + macro
                        + " has no value; the message has the properties "
                        + message.context().asMap().keySet()
                        + AssemblyException.supply(macro.name())));
    }

    private Optional<String> value(String name) {
        Instant at = message.submittedAt();
        return switch (name) {
            case "MessageID", "BTS.MessageID" -> Optional.of(message.id().value());
            case "datetime" -> Optional.of(DATE_TIME.format(at.atZone(ZoneOffset.UTC)));
            case "datetime_bts2000" -> Optional.of(DATE_TIME_2000.format(at.atZone(ZoneOffset.UTC)));
            case "datetime.tz" -> Optional.of(DATE_TIME_ZONE.format(at.atZone(zone)));
            case "time" -> Optional.of(TIME.format(at.atZone(ZoneOffset.UTC)));
            case "time.tz" -> Optional.of(TIME_ZONE.format(at.atZone(zone)));
            case "SourceParty", "SourcePartyQualifier", "DestinationParty", "DestinationPartyQualifier" ->
                property("BTS." + name).or(() -> property(name));
            case "SourceFileName" ->
                property("FILE.ReceivedFileName")
                        .map(FileName::of)
                        .or(() -> property("MIME.FileName"))
                        .or(() -> property(name));
            default -> property(name);
        };
    }

    private Optional<String> property(String name) {
        return message.context()
                .text(name)
                .or(() -> message.bodyPart().context().text(name))
                .filter(value -> !value.isEmpty());
    }
}
