package io.sendport.api.mail;

import io.sendport.support.text.Text;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * An address that is valid in an SMTP envelope (RFC 5321 section 4.1.2, RFC 6531): {@code local-part@domain}.
 *
 * @param localPart a dot-atom, or a quoted string with its quotes; at most 64 octets
 * @param domain a host name in Unicode or ASCII form, or an address literal in brackets; lower case, at most 255 octets
 */
public record MailAddress(String localPart, String domain) {

    private static final String ROUTES = "%!@";
    private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~";

    /**
     * Checks both halves.
     *
     * @throws IllegalArgumentException with the address and what is wrong with it
     */
    public MailAddress {
        domain = domain.toLowerCase(Locale.ROOT);
        Optional<String> fault = fault(localPart, domain);
        if (fault.isPresent()) {
            throw new IllegalArgumentException(
                    "address \"" + Text.printable(localPart + "@" + domain) + "\": " + fault.get());
        }
    }

    /** What is wrong with such an address, without quoting it; empty when it is well-formed. */
    static Optional<String> fault(String localPart, String domain) {
        return Optional.ofNullable(faultOf(localPart, domain.toLowerCase(Locale.ROOT)));
    }

    /**
     * Whether some servers forward mail for this address to a domain that its local part names: {@code user%other.example}, {@code
     * other.example!user}, {@code "user@other.example"}.
     */
    public boolean namesRoute() {
        return localPart.chars().anyMatch(c -> ROUTES.indexOf(c) >= 0);
    }

    /**
     * Parses a bare address, without a display name.
     *
     * @throws IllegalArgumentException when {@code text} is not an address
     */
    public static MailAddress parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("address \"" + Text.printable(text) + "\": has no @");
        }
        return new MailAddress(text.substring(0, at), text.substring(at + 1));
    }

    /** Whether the local part needs SMTPUTF8 (RFC 6531). A domain never needs it, because it has an ASCII form. */
    public boolean needsSmtpUtf8() {
        return !isAscii(localPart);
    }

    /** The address with its domain in ASCII form (IDNA). */
    public MailAddress withAsciiDomain() {
        return isAscii(domain) ? this : new MailAddress(localPart, IDN.toASCII(domain));
    }

    @Override
    public String toString() {
        return localPart + "@" + domain;
    }

    private static @org.jspecify.annotations.Nullable String faultOf(String localPart, String domain) {
        if (localPart.isEmpty() || domain.isEmpty()) {
            return "there is nothing " + (localPart.isEmpty() ? "before" : "after") + " the @";
        }
        if (octets(localPart) > 64) {
            return "the part before the @ is longer than 64 bytes";
        }
        if (octets(domain) > 255) {
            return "the part after the @ is longer than 255 bytes";
        }
        boolean quoted = localPart.length() >= 2 && localPart.startsWith("\"") && localPart.endsWith("\"");
        Optional<String> refused =
                Text.locate(localPart, quoted ? c -> !isQuotedCharacter(c) : c -> c != '.' && !isAtomCharacter(c));
        if (refused.isPresent()) {
            return "the part before the @ has " + refused.get() + ", which is not allowed there";
        }
        if (quoted && !isEscaped(localPart)) {
            return "the quoted text before the @ needs a backslash before each quotation mark and backslash";
        }
        if (!quoted && !hasDotsBetweenAtoms(localPart)) {
            return "a dot before the @ must be between two other characters";
        }
        if (domain.startsWith("[") ? !isLiteral(domain) : !isHostName(domain)) {
            return "the part after the @ is not a host name";
        }
        return null;
    }

    private static boolean hasDotsBetweenAtoms(String text) {
        return !text.startsWith(".") && !text.endsWith(".") && !text.contains("..");
    }

    private static boolean isAtomCharacter(int c) {
        if (c < 128) {
            return c > 32 && (Character.isLetterOrDigit(c) || ATEXT.indexOf(c) >= 0);
        }
        return isHarmlessUnicode(c);
    }

    private static boolean isQuotedCharacter(int c) {
        return c < 128 ? c >= 32 && c != 127 : isHarmlessUnicode(c);
    }

    private static boolean isEscaped(String text) {
        for (int i = 1; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
                if (i >= text.length() - 1) {
                    return false;
                }
            } else if (c == '"') {
                return false;
            }
        }
        return true;
    }

    private static boolean isHostName(String domain) {
        String ascii;
        try {
            ascii = isAscii(domain) ? domain : IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (ascii.length() > 253) {
            return false;
        }
        for (String label : ascii.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > 63 || label.startsWith("-") || label.endsWith("-")) {
                return false;
            }
            if (!label.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLiteral(String domain) {
        return domain.length() > 2
                && domain.endsWith("]")
                && domain.substring(1, domain.length() - 1)
                        .chars()
                        .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == ':'));
    }

    private static boolean isHarmlessUnicode(int c) {
        int type = Character.getType(c);
        return type != Character.SURROGATE
                && type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.SPACE_SEPARATOR
                && type != Character.UNASSIGNED
                && type != Character.PRIVATE_USE;
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
