package io.sendport.component.smime.headers;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderField;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Workspace;
import io.sendport.component.smime.cms.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Header protection (RFC 9788). Every non-structural field of the outer header is copied to the root of the signed or encrypted content,
 * whose Content-Type is marked with {@code hp}. A reader that does not support it shows the message as any other.
 */
public enum HeaderProtection {
    /** None. */
    OFF,
    /** {@code hp="clear"}: the copied fields can be verified; the outer fields stay unchanged. */
    SIGN,
    /** {@code hp="cipher"}: the outer fields reveal as little as the policy requires, and are recorded inside as HP-Outer. */
    ENCRYPT;

    private static final byte[] CRLF = {'\r', '\n'};

    public static Optional<HeaderProtection> of(String word) {
        return List.of(values()).stream()
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }

    /** The content to sign and encrypt instead of {@code entity}. */
    public Content protect(
            Entity entity,
            HeaderFields header,
            ConfidentialityPolicy policy,
            boolean legacyDisplay,
            Workspace workspace)
            throws IOException {
        if (this == OFF) {
            return entity::writeTo;
        }
        HeaderFields original = header.only(HeaderProtection::isProtected);
        HeaderFields outer = policy.outer(original);
        Entity shown = this == ENCRYPT && legacyDisplay
                ? new LegacyDisplay(hidden(original, outer)).on(entity, workspace)
                : entity;
        HeaderFields inner = original;
        if (this == ENCRYPT) {
            for (HeaderField field : outer.fields()) {
                inner = inner.plus("HP-Outer", field.name() + ": " + field.value());
            }
        }
        HeaderFields root =
                HeaderFields.none().plus("MIME-Version", "1.0").plus(inner).plus(marked(shown.header()));
        return out -> {
            root.writeTo(out);
            out.write(CRLF);
            try (var in = shown.body().open()) {
                in.transferTo(out);
            }
        };
    }

    /** The part of the outer header that stays readable on the way. */
    public HeaderFields readable(HeaderFields header, ConfidentialityPolicy policy) {
        return this == ENCRYPT ? policy.outer(header) : header;
    }

    /** RFC 9787 section 1.1.1: MIME-Version and Content-* are structural. Bcc is never copied (RFC 9788 section 11.4). */
    private static boolean isProtected(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !lower.equals("mime-version")
                && !lower.startsWith("content-")
                && !lower.equals("hp-outer")
                && !lower.equals("bcc")
                && !lower.equals("resent-bcc");
    }

    private HeaderFields marked(HeaderFields content) {
        List<HeaderField> marked = new ArrayList<>();
        boolean found = false;
        for (HeaderField field : content.fields()) {
            boolean type = field.name().equalsIgnoreCase("Content-Type");
            found |= type;
            marked.add(type ? new HeaderField(field.name(), withMark(field.value())) : field);
        }
        if (!found) {
            marked.add(new HeaderField("Content-Type", withMark("text/plain; charset=us-ascii")));
        }
        return new HeaderFields(marked);
    }

    private String withMark(String type) {
        return type.replaceAll("(?i);\\s*hp\\s*=\\s*(\"[^\"]*\"|[^;\\s]*)", "") + "; hp=\""
                + (this == ENCRYPT ? "cipher" : "clear") + "\"";
    }

    /** The user-facing fields that differ in the outer header (RFC 9788 section 5.2.1). */
    private static List<HeaderField> hidden(HeaderFields original, HeaderFields outer) {
        return original.fields().stream()
                .filter(field -> LegacyDisplay.isUserFacing(field.name())
                        && !outer.fields().contains(field))
                .toList();
    }
}
