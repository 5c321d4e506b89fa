package io.sendport.api.mail;

import io.sendport.support.text.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An address with a display name, as in a header field (RFC 5322 section 3.4, without groups, routes and comments).
 *
 * @param name the display name in plain Unicode; empty when there is none
 * @param address the address itself
 */
public record Mailbox(String name, MailAddress address) {

    /** Characters that separate list items or start something other than a name (RFC 5322 section 3.2.3). */
    private static final String SPECIALS = ",;<>\"\\";

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException when the name holds a control character or a lone surrogate
     */
    public Mailbox {
        Text.locate(name, Text::isHarmful).ifPresent(found -> {
            throw new IllegalArgumentException(
                    "display name: it has " + found + ", which is not allowed there; remove it");
        });
    }

    /**
     * Parses a list as people write it: {@code Billing <billing@corp.example>; ops@corp.example}, separated by comma or semicolon. Empty
     * items are skipped.
     *
     * @throws IllegalArgumentException with the first item that is not a mailbox, or when there is a line break or another control
     *     character anywhere, even in skipped text
     */
    public static List<Mailbox> parseList(String text) {
        return split(text).stream().map(Mailbox::parse).toList();
    }

    /**
     * Parses one mailbox.
     *
     * @throws IllegalArgumentException when {@code text} is not a mailbox
     */
    public static Mailbox parse(String text) {
        // An unquoted comma in a name is common: Smith, John <john@corp.example>.
        if (split(text).size() > 1
                && text.substring(0, Math.max(0, text.lastIndexOf('<'))).indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "address \"" + Text.printable(text)
                            + "\": expected one address, and not a list; write a name with a comma or semicolon in double quotes");
        }
        Halves halves = halves(text);
        return new Mailbox(halves.name(), MailAddress.parse(halves.address()));
    }

    /**
     * The text of a mailbox with both halves unchecked.
     *
     * @param name the display name without its quotes; may be empty
     * @param address the text in the brackets, or the whole text without brackets
     */
    record Halves(String name, String address) {}

    /**
     * Separates the name from the address.
     *
     * @throws IllegalArgumentException when a bracket is missing, or there is a control character
     */
    static Halves halves(String text) {
        refuseControls(text);
        String trimmed = text.strip();
        if (!trimmed.endsWith(">")) {
            return new Halves("", trimmed);
        }
        int open = openingBracket(trimmed);
        if (open < 0) {
            throw new IllegalArgumentException("address \"" + Text.printable(text) + "\": has > without <");
        }
        return new Halves(
                unquote(trimmed.substring(0, open).strip()), trimmed.substring(open + 1, trimmed.length() - 1));
    }

    private static void refuseControls(String text) {
        Text.locate(text, c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029')
                .ifPresent(found -> {
                    throw new IllegalArgumentException("address \"" + Text.printable(text) + "\": it has " + found
                            + ", which is not allowed there; remove it");
                });
    }

    private static int openingBracket(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '<' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static String unquote(String name) {
        if (name.length() < 2 || !name.startsWith("\"") || !name.endsWith("\"")) {
            return name;
        }
        return name.substring(1, name.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    /**
     * The texts of the mailboxes of a list; empty items are skipped.
     *
     * @throws IllegalArgumentException when there is a control character anywhere
     */
    static List<String> split(String text) {
        refuseControls(text);
        List<String> items = new ArrayList<>();
        StringBuilder item = new StringBuilder();
        boolean quoted = false;
        boolean angled = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted && i + 1 < text.length()) {
                item.append(c).append(text.charAt(++i));
                continue;
            }
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '<') {
                angled = true;
            } else if (!quoted && c == '>') {
                angled = false;
            }
            if ((c == ',' || c == ';') && !quoted && !angled) {
                items.add(item.toString());
                item.setLength(0);
            } else {
                item.append(c);
            }
        }
        items.add(item.toString());
        items.removeIf(String::isBlank);
        return items;
    }

    /**
     * Writes mailboxes so that {@link #parseList} reads the same mailboxes. A name is in quotes where it needs them.
     *
     * @param boxes no mailboxes give an empty text
     */
    public static String writeList(Collection<Mailbox> boxes) {
        return boxes.stream().map(Mailbox::quoted).collect(Collectors.joining(", "));
    }

    private String quoted() {
        boolean isPlain = name.equals(name.strip()) && name.chars().noneMatch(c -> SPECIALS.indexOf(c) >= 0);
        return isPlain ? toString() : "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\" <" + address + ">";
    }

    /** For people to read; use {@link #writeList} for text that is parsed again. */
    @Override
    public String toString() {
        return name.isEmpty() ? address.toString() : name + " <" + address + ">";
    }
}
