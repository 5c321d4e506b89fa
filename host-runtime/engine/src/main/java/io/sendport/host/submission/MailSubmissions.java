package io.sendport.host.submission;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Mailbox;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.message.Property;
import io.sendport.api.message.Workspace;
import io.sendport.api.submit.Submission;
import io.sendport.config.SubmissionSettings;
import io.sendport.config.SubmissionSettings.Content;
import io.sendport.config.SubmissionSettings.Mapping;
import io.sendport.support.EncodedWords;
import io.sendport.support.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Creates submissions from a mail: one for each mapping, with the recipients of that mapping. */
final class MailSubmissions {

    private static final int MAX_ID = 150;
    private static final int DIGEST = 24;
    /** The length limit of a promoted property; longer values are left out. */
    private static final int MAX_VALUE = 4_000;

    private MailSubmissions() {}

    /**
     * The submissions of a mail.
     *
     * @param actor the submitter
     * @throws IllegalArgumentException when the mail is invalid; the message says why
     */
    static List<Submission> of(
            Body mail, Transaction envelope, String actor, SubmissionSettings settings, Workspace workspace)
            throws IOException {
        MailFields header = MailFields.read(mail);
        Body content = withHeader(mail, header);
        boolean isTakenApart =
                envelope.recipients().keySet().stream().anyMatch(where -> where.content() == Content.PARTS);
        List<Part> apart = isTakenApart ? MailParts.of(content, workspace) : List.of();
        List<Submission> all = new ArrayList<>();
        for (Map.Entry<Mapping, Set<MailAddress>> each : envelope.recipients().entrySet()) {
            Mapping where = each.getKey();
            Context context = context(header, envelope, each.getValue(), where, settings);
            List<Part> parts = where.content() == Content.PARTS ? apart : List.of(Part.body("message/rfc822", content));
            all.add(new Submission(
                    where.port().orElse(""),
                    context,
                    parts,
                    settings.dedupe()
                            ? key(header, envelope.sender(), each.getValue(), where, context)
                            : Optional.empty(),
                    actor));
        }
        return all;
    }

    /** Puts an empty header before a mail that has none. */
    private static Body withHeader(Body mail, MailFields header) {
        if (!header.isMissing()) {
            return mail;
        }
        byte[] empty = "\r\n".getBytes(StandardCharsets.US_ASCII);
        return new Body() {
            @Override
            public InputStream open() throws IOException {
                return new SequenceInputStream(new ByteArrayInputStream(empty), mail.open());
            }

            @Override
            public long size() {
                return empty.length + mail.size();
            }
        };
    }

    private static Context context(
            MailFields header,
            Transaction envelope,
            Set<MailAddress> recipients,
            Mapping where,
            SubmissionSettings settings) {
        Context context = Context.empty()
                .with(
                        MessageProperties.ENVELOPE_FROM,
                        envelope.sender().map(MailAddress::toString).orElse("<>"));
        for (SubmissionSettings.Promoted each : settings.promoted()) {
            Optional<String> value =
                    header.text(each.header()).map(MailSubmissions::plain).filter(text -> text.length() <= MAX_VALUE);
            if (value.isPresent()) {
                context = context.with(each.property(), value.get());
            }
        }
        if (where.content() == Content.WHOLE) {
            return context.with(MessageProperties.TO, list(recipients));
        }
        Set<MailAddress> left = new LinkedHashSet<>(recipients);
        context = visible(context, MessageProperties.TO, mailboxes(header, "To"), left);
        context = visible(context, MessageProperties.CC, mailboxes(header, "Cc"), left);
        if (!left.isEmpty()) {
            context = context.with(MessageProperties.BCC, list(left));
        }
        for (Mailbox from : mailboxes(header, "From").stream().limit(1).toList()) {
            context = context.with(MessageProperties.FROM, Mailbox.writeList(List.of(from)));
        }
        List<Mailbox> replyTo = mailboxes(header, "Reply-To");
        if (!replyTo.isEmpty()) {
            context = context.with(MessageProperties.REPLY_TO, Mailbox.writeList(replyTo));
        }
        Optional<String> subject =
                header.text("Subject").map(MailSubmissions::plain).filter(text -> !text.isEmpty());
        return subject.isPresent() ? context.with(MessageProperties.SUBJECT, subject.get()) : context;
    }

    /** Sets the recipients that both a header field and the envelope name. A header alone adds no recipient. */
    private static Context visible(
            Context context, Property<String> property, List<Mailbox> named, Set<MailAddress> left) {
        List<Mailbox> both =
                named.stream().filter(each -> left.remove(each.address())).toList();
        return both.isEmpty() ? context : context.with(property, Mailbox.writeList(both));
    }

    private static List<Mailbox> mailboxes(MailFields header, String field) {
        try {
            // Split the list first and decode the names then: an encoded name may contain a comma.
            return Mailbox.parseList(header.raw(field).orElse("")).stream()
                    .map(each -> new Mailbox(plain(EncodedWords.text(each.name())), each.address()))
                    .toList();
        } catch (IllegalArgumentException e) {
            // Ignore groups and malformed lists, because the envelope names all recipients.
            return List.of();
        }
    }

    /** Replaces characters that headers must not have: an encoded word may contain a line break. */
    private static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }

    private static String list(Collection<?> addresses) {
        return addresses.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    /**
     * The dedupe key of a mail: its Message-ID and a digest of the envelope. The envelope is included, because some clients submit the same
     * mail once for each recipient. If the mail is split into parts, the digest includes the properties, because the bytes of the parts
     * do not contain the header.
     */
    private static Optional<String> key(
            MailFields header,
            Optional<MailAddress> sender,
            Collection<MailAddress> recipients,
            Mapping where,
            Context context) {
        Set<String> sorted = new TreeSet<>();
        recipients.forEach(each -> sorted.add(each.toString()));
        String envelope = sender.map(MailAddress::toString).orElse("") + "\n" + String.join("\n", sorted)
                + (where.content() == Content.PARTS ? "\n" + new TreeMap<>(context.asMap()) : "");
        return header.raw("Message-ID").filter(id -> !id.isEmpty()).map(id -> {
            boolean isShort = id.length() <= MAX_ID && id.chars().allMatch(c -> c > ' ' && c < 0x7F);
            return (isShort ? id : "sha256:" + digest(id)) + " " + digest(envelope);
        });
    }

    private static String digest(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGEST);
    }
}
