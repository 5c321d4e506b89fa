package io.sendport.api.mail;

import io.sendport.api.template.MacroText;
import io.sendport.api.template.MacroText.Macro;
import io.sendport.support.text.Text;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * One mailbox of the configuration, with macros. A value stays where its macro is: in the display name, before the @ or after it; or it is
 * the whole address. It never becomes a second mailbox.
 *
 * @param name the display name, without quotes; may be empty
 * @param address the address
 */
public record AddressTemplate(MacroText name, Address address) {

    private static final String IN_LOCAL_PART = ".-_+='&~#$*?^{}";
    private static final String IN_DOMAIN = ".-_";

    /** The structure of the address. */
    public sealed interface Address {}

    /**
     * A single value is the whole address.
     *
     * @param macro the macro for the value
     */
    public record Whole(Macro macro) implements Address {}

    /**
     * An address whose @ is written in the configuration.
     *
     * @param localPart the part before the @
     * @param domain the part after the @
     */
    public record Halves(MacroText localPart, MacroText domain) implements Address {}

    /**
     * Parses a list as people write it, separated by comma or semicolon. The list is split before any macro has a value.
     *
     * @throws IllegalArgumentException with the first mailbox that no value can make valid
     */
    public static List<AddressTemplate> parseList(String text) {
        return Mailbox.split(text).stream().map(AddressTemplate::parse).toList();
    }

    private static AddressTemplate parse(String text) {
        Mailbox.Halves halves = Mailbox.halves(text);
        MacroText name = MacroText.parse(halves.name());
        MacroText whole = MacroText.parse(halves.address());
        if (whole.pieces().size() == 1 && whole.foreign().isPresent()) {
            return new AddressTemplate(name, new Whole(whole.foreign().get()));
        }
        int at = halves.address().lastIndexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("address \"" + Text.printable(text)
                    + "\": has no @; add @ and a domain, or use one macro for the whole address and no other text");
        }
        MacroText localPart = MacroText.parse(halves.address().substring(0, at));
        MacroText domain = MacroText.parse(halves.address().substring(at + 1));
        MailAddress.fault(localPart.expand(macro -> "x"), domain.expand(macro -> "x"))
                .ifPresent(fault -> {
                    throw new IllegalArgumentException("address \"" + Text.printable(text) + "\": " + fault);
                });
        return new AddressTemplate(name, new Halves(localPart, domain));
    }

    /** The mailbox, when it contains no macro. */
    public Optional<Mailbox> literal() {
        return address instanceof Halves halves
                        && name.macros().isEmpty()
                        && halves.localPart().macros().isEmpty()
                        && halves.domain().macros().isEmpty()
                ? Optional.of(mailbox(Macro::toString))
                : Optional.empty();
    }

    /**
     * The macro by which a message chooses the domain that mail goes to. Empty when the configuration or Sendport itself determines the
     * domain.
     */
    public Optional<Macro> foreignDomain() {
        return address instanceof Halves halves ? halves.domain().foreign() : Optional.of(((Whole) address).macro());
    }

    /**
     * The mailbox with its values.
     *
     * @param values returns the value of each macro; its exceptions are passed on
     * @throws IllegalArgumentException when a value is not allowed in its position; the message names the macro and does not quote the
     *     value
     */
    public Mailbox mailbox(Function<Macro, String> values) {
        String shown = name.expand(macro -> checked(macro, values, c -> !Text.isHarmful(c), "in a display name"));
        if (address instanceof Whole whole) {
            return whole(shown, whole.macro(), values.apply(whole.macro()));
        }
        Halves halves = (Halves) address;
        String localPart = halves.localPart()
                .expand(macro -> checked(
                        macro,
                        values,
                        c -> Character.isLetterOrDigit(c) || IN_LOCAL_PART.indexOf(c) >= 0,
                        "before the @ of an address"));
        String domain = halves.domain()
                .expand(macro -> checked(
                        macro,
                        values,
                        c -> Character.isLetterOrDigit(c) || IN_DOMAIN.indexOf(c) >= 0,
                        "after the @ of an address"));
        MailAddress.fault(localPart, domain).ifPresent(fault -> {
            throw new IllegalArgumentException("the values result in an address that is not valid: " + fault);
        });
        return new Mailbox(shown, new MailAddress(localPart, domain));
    }

    private static Mailbox whole(String shown, Macro macro, String value) {
        try {
            Mailbox box = Mailbox.parse(value);
            if (box.name().isEmpty() || shown.isEmpty()) {
                return new Mailbox(shown.isEmpty() ? box.name() : shown, box.address());
            }
        } catch (IllegalArgumentException e) {
            // This exception quotes the value, which belongs to the message. The exception below gives the reason
            // without it.
        }
        throw new IllegalArgumentException("the value of " + macro
                + " is not a single address; neither a list nor a second display name is allowed");
    }

    private static String checked(Macro macro, Function<Macro, String> values, IntPredicate allowed, String where) {
        String value = values.apply(macro);
        Text.locate(value, allowed.negate()).ifPresent(found -> {
            throw new IllegalArgumentException(
                    "the value of " + macro + " has " + found + ", which is not allowed " + where);
        });
        return value;
    }
}
