package io.sendport.component.dkim;

import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.MailSigner;
import io.sendport.api.mail.HeaderField;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.Mailbox;
import io.sendport.api.message.Body;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Signs with rsa-sha256 and relaxed canonicalization of header and content (RFC 6376). The time of the signature is that of the submission,
 * so a retry gets the same signature. The length of the content is never limited ({@code l=}), so nothing can be appended.
 */
final class DkimSigner implements MailSigner {

    private static final Pattern SPACE = Pattern.compile("[ \t]+");
    /** Splits Base64 into pieces, between which the field may be folded. */
    private static final Pattern PIECE = Pattern.compile("(?<=\\G.{64})");

    private static final String UNSIGNED =
            ", so the mail cannot be signed and is not sent. Correct the attribute from of <mail>, reload, then resume the"
                    + " message";

    private final DkimSettings settings;

    DkimSigner(DkimSettings settings) {
        this.settings = settings;
    }

    @Override
    public HeaderField sign(HeaderFields header, Body content, EncodeScope scope) throws Exception {
        requireAligned(header);
        List<List<String>> names = settings.fields().of(header);
        String unsigned = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=" + settings.domain() + "; s=" + settings.selector()
                + "; t=" + scope.submittedAt().getEpochSecond()
                + "; h=" + names.stream().map(same -> String.join(":", same)).collect(Collectors.joining(": "))
                + "; bh=" + Base64.getEncoder().encodeToString(BodyHash.of(content))
                + "; b=";
        String signature = Base64.getEncoder().encodeToString(signature(header, names, unsigned));
        scope.record("dkim.domain", settings.domain());
        scope.record("dkim.selector", settings.selector());
        return new HeaderField("DKIM-Signature", unsigned + String.join(" ", PIECE.split(signature)));
    }

    private byte[] signature(HeaderFields header, List<List<String>> names, String unsigned)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(settings.key().privateKey());
        for (List<String> same : names) {
            List<HeaderField> fields = header.fields().stream()
                    .filter(each -> each.name().equalsIgnoreCase(same.get(0)))
                    .toList();
            // From the last field to the first (RFC 6376 section 5.4.2). A name without a field signs the absence of
            // the field.
            for (int i = fields.size() - 1; i >= 0; i--) {
                signature.update(relaxed(fields.get(i).name(), fields.get(i).value() + "\r\n"));
            }
        }
        signature.update(relaxed("DKIM-Signature", unsigned));
        return signature.sign();
    }

    /** Section 3.4.2. A value is unfolded already, and has no space at its ends. */
    private static byte[] relaxed(String name, String value) {
        return (name.toLowerCase(Locale.ROOT) + ":" + SPACE.matcher(value).replaceAll(" "))
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Requires that the signing domain is the author's domain or a parent of it; other signatures do not count (DMARC, relaxed alignment).
     */
    private void requireAligned(HeaderFields header) throws DkimException {
        List<String> authors = header.fields().stream()
                .filter(each -> each.name().equalsIgnoreCase("From"))
                .map(HeaderField::value)
                .toList();
        if (authors.size() != 1) {
            throw new DkimException("the mail has " + authors.size() + " From fields, expected one" + UNSIGNED);
        }
        for (Mailbox author : mailboxes(authors.get(0))) {
            String domain = author.address().withAsciiDomain().domain();
            if (!domain.equals(settings.domain()) && !domain.endsWith("." + settings.domain())) {
                throw new DkimException("the domain in From, " + domain + ", is not " + settings.domain()
                        + " or a subdomain of it, so a signature of " + settings.domain()
                        + " would not count; the mail is not sent. Correct the attribute domain of <dkim> or from of"
                        + " <mail>, reload, then resume the message");
            }
        }
    }

    private static List<Mailbox> mailboxes(String from) throws DkimException {
        List<Mailbox> authors;
        try {
            authors = Mailbox.parseList(from);
        } catch (IllegalArgumentException e) {
            throw new DkimException("the From field is not a list of addresses" + UNSIGNED);
        }
        if (authors.isEmpty()) {
            throw new DkimException("the From field has no address" + UNSIGNED);
        }
        return authors;
    }
}
