package io.sendport.component.mime;

import io.sendport.api.mail.Mailbox;
import io.sendport.support.EncodedWords;
import io.sendport.support.text.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Text in the form of a header field: encoded words (RFC 2047), phrases and parameters (RFC 2231). */
final class EncodedText {

    private static final int SECTION = 60;
    private static final String ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~";
    private static final String ATOM_SPECIALS = "!#$%&'*+-/=?^_`{|}~ ";

    private EncodedText() {}

    /**
     * Unstructured text such as a subject. Uses encoded words when the text is not plain ASCII or has a word that is too long for a line.
     */
    static String unstructured(String text, String where) {
        refuseControls(text, where);
        return isPlain(text) ? text : EncodedWords.encoded(text);
    }

    /**
     * Mailboxes in the form of a header field, with domains in ASCII form. A local part that has no ASCII form is written in UTF-8 (RFC
     * 6532).
     */
    static String mailboxes(List<Mailbox> boxes) {
        return boxes.stream().map(EncodedText::mailbox).collect(Collectors.joining(", "));
    }

    private static String mailbox(Mailbox box) {
        String address = box.address().withAsciiDomain().toString();
        return box.name().isEmpty() ? address : phrase(box.name()) + " <" + address + ">";
    }

    private static String phrase(String name) {
        refuseControls(name, "a display name");
        if (!isPlain(name) || name.contains("=?")) {
            return EncodedWords.encoded(name);
        }
        boolean atoms = name.chars().allMatch(c -> Character.isLetterOrDigit(c) || ATOM_SPECIALS.indexOf(c) >= 0);
        return atoms ? name : quoted(name);
    }

    /** A parameter of a structured field: {@code ; name="value"}, split into sections with a charset when the value needs it. */
    static String parameter(String name, String value) {
        refuseControls(value, name);
        boolean ascii = value.chars().allMatch(c -> c >= 32 && c < 127);
        if (ascii && value.length() <= SECTION) {
            return "; " + name + "=" + quoted(value);
        }
        StringBuilder encoded = new StringBuilder("UTF-8''");
        StringBuilder all = new StringBuilder();
        int section = 0;
        boolean sections = value.getBytes(StandardCharsets.UTF_8).length * 3 > SECTION;
        for (int i = 0; i < value.length(); ) {
            int codePoint = value.codePointAt(i);
            i += Character.charCount(codePoint);
            String piece = percentEncoded(codePoint);
            if (sections && encoded.length() + piece.length() > SECTION) {
                all.append("; ")
                        .append(name)
                        .append('*')
                        .append(section++)
                        .append("*=")
                        .append(encoded);
                encoded.setLength(0);
            }
            encoded.append(piece);
        }
        all.append("; ")
                .append(name)
                .append(sections ? "*" + section : "")
                .append("*=")
                .append(encoded);
        return all.toString();
    }

    private static String percentEncoded(int codePoint) {
        if (codePoint < 128 && (Character.isLetterOrDigit(codePoint) || ATTRIBUTE_CHARACTERS.indexOf(codePoint) >= 0)) {
            return Character.toString(codePoint);
        }
        StringBuilder encoded = new StringBuilder();
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            encoded.append(String.format("%%%02X", b));
        }
        return encoded.toString();
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static boolean isPlain(String text) {
        if (!text.chars().allMatch(c -> c >= 32 && c < 127) || text.contains("=?")) {
            return false;
        }
        for (String word : text.split(" ")) {
            if (word.length() > 900) {
                return false;
            }
        }
        return text.equals(text.strip()) && !text.contains("  ");
    }

    /** Refuses characters that must not be in a header. The exception does not quote the text, which may come from the message. */
    static void refuseControls(String text, String where) {
        Text.locate(text, EncodedText::isRefused).ifPresent(found -> {
            throw new AssemblyException(where + ": the text has " + found
                    + ", which is not allowed in a header. If it is in the configuration, remove it there, reload and resume the message."
                    + " If it comes from a property of the message, run `sendport messages resubmit ID --set PROPERTY=VALUE`,"
                    + " which sends a corrected copy, and then `sendport messages terminate ID`");
        });
    }

    private static boolean isRefused(int c) {
        return Character.isISOControl(c)
                || c == '\u2028'
                || c == '\u2029'
                || Character.getType(c) == Character.SURROGATE;
    }
}
