package io.sendport.api.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A text of the configuration with macros {@code %Name%}; {@code %%} is a percent sign. A value that replaces a macro is never scanned for
 * macros again.
 *
 * @param pieces in their order; two literals never follow each other
 */
public record MacroText(List<Piece> pieces) {

    private static final Pattern MACRO = Pattern.compile("%([\\p{L}\\p{Nd}_.\\-]{1,256})?%");

    /** A part of the text. */
    public sealed interface Piece {}

    /**
     * Literal text of the configuration.
     *
     * @param text with each {@code %%} as one percent sign
     */
    public record Literal(String text) implements Piece {}

    /**
     * A placeholder for a value of the message.
     *
     * @param name without the percent signs
     */
    public record Macro(String name) implements Piece {

        /** Macros whose values Sendport makes. The values of all others come from the message or its submitter. */
        private static final Set<String> OURS =
                Set.of("MessageID", "BTS.MessageID", "datetime", "datetime_bts2000", "datetime.tz", "time", "time.tz");

        /** Macros that describe the source of the message. All names that BizTalk knows are here or above. */
        private static final Set<String> OF_ITS_SOURCE = Set.of(
                "SourceFileName",
                "SourceParty",
                "SourcePartyQualifier",
                "DestinationParty",
                "DestinationPartyQualifier");

        /** The known macro that differs from this one only in case. Empty for a correctly written macro and for every other name. */
        public Optional<Macro> misspelt() {
            return Stream.concat(OURS.stream(), OF_ITS_SOURCE.stream())
                    .filter(known -> known.equalsIgnoreCase(name) && !known.equals(name))
                    .map(Macro::new)
                    .findFirst();
        }

        /** Whether Sendport itself makes the value: a message id, or a time. */
        public boolean isOurs() {
            return OURS.contains(name);
        }

        @Override
        public String toString() {
            return "%" + name + "%";
        }
    }

    /** Copies the list. */
    public MacroText {
        pieces = List.copyOf(pieces);
    }

    /** Parses {@code text}. A percent sign that does not start a macro is literal. */
    public static MacroText parse(String text) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        Matcher matcher = MACRO.matcher(text);
        int done = 0;
        while (matcher.find()) {
            literal.append(text, done, matcher.start());
            done = matcher.end();
            String name = matcher.group(1);
            if (name == null) {
                literal.append('%');
            } else {
                addLiteral(pieces, literal);
                pieces.add(new Macro(name));
            }
        }
        literal.append(text, done, text.length());
        addLiteral(pieces, literal);
        return new MacroText(pieces);
    }

    private static void addLiteral(List<Piece> pieces, StringBuilder literal) {
        if (!literal.isEmpty()) {
            pieces.add(new Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    /** The macros, in their order. */
    public List<Macro> macros() {
        return pieces.stream()
                .filter(Macro.class::isInstance)
                .map(Macro.class::cast)
                .toList();
    }

    /** The first macro whose value Sendport does not make itself. */
    public Optional<Macro> foreign() {
        return macros().stream().filter(macro -> !macro.isOurs()).findFirst();
    }

    /**
     * The text with each macro replaced.
     *
     * @param values returns the value of each macro; its exceptions are passed on
     */
    public String expand(Function<Macro, String> values) {
        StringBuilder expanded = new StringBuilder();
        for (Piece piece : pieces) {
            expanded.append(piece instanceof Macro macro ? values.apply(macro) : ((Literal) piece).text());
        }
        return expanded.toString();
    }

    /** As in the configuration. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            text.append(piece instanceof Literal literal ? literal.text().replace("%", "%%") : piece);
        }
        return text.toString();
    }
}
