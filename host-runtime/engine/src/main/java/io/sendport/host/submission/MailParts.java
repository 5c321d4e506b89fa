package io.sendport.host.submission;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.message.Workspace;
import io.sendport.support.EncodedWords;
import io.sendport.support.FileName;
import io.sendport.support.text.Text;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.ParseException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Splits a mail into parts. Its text becomes the body, and everything else becomes attachments. Of several alternatives (RFC 2046, section
 * 5.1.4), this takes HTML if there is one.
 */
final class MailParts {

    /** The largest mail that is split, because parsing reads it into memory. */
    static final long MAX_SIZE = 50L << 20;

    /** The limit of lines that may be boundaries, because the parser spends time on each. */
    private static final int MAX_BOUNDARIES = 20_000;

    /** Limits how many mails are parsed at the same time, because parsing needs a multiple of the mail's size in memory. */
    private static final Semaphore PARSE_PERMITS = new Semaphore(2);

    private static final int MAX_DEPTH = 20;
    private static final int MAX_COUNT = 1_000;
    private static final int MAX_NAME = 200;

    private final Workspace workspace;
    private final List<Part> attachments = new ArrayList<>();
    private @Nullable Part body;

    private MailParts(Workspace workspace) {
        this.workspace = workspace;
    }

    /**
     * The parts of {@code mail}, the body first.
     *
     * @throws IllegalArgumentException when the mail cannot be parsed; the message says why
     */
    static List<Part> of(Body mail, Workspace workspace) throws IOException {
        requireFewBoundaries(mail);
        MailParts parts = new MailParts(workspace);
        PARSE_PERMITS.acquireUninterruptibly();
        try (InputStream in = mail.open()) {
            parts.add(new MimeMessage(Session.getInstance(new Properties()), in), 0);
        } catch (MessagingException e) {
            throw new IllegalArgumentException("its MIME structure cannot be read", e);
        } finally {
            PARSE_PERMITS.release();
        }
        List<Part> all = new ArrayList<>();
        all.add(parts.body == null ? Part.body("text/plain; charset=utf-8", Body.EMPTY) : parts.body);
        all.addAll(parts.attachments);
        return all;
    }

    private static void requireFewBoundaries(Body mail) throws IOException {
        try (InputStream in = new BufferedInputStream(mail.open())) {
            int boundaries = 0;
            int dashes = 0;
            boolean begins = true;
            for (int c = in.read(); c >= 0; c = in.read()) {
                dashes = c == '-' && (begins || dashes == 1) ? dashes + 1 : 0;
                begins = c == '\n';
                if (dashes == 2 && ++boundaries > MAX_BOUNDARIES) {
                    throw new IllegalArgumentException(
                            "it has more than " + MAX_BOUNDARIES + " lines that start with two dashes");
                }
            }
        }
    }

    private void add(MimePart part, int depth) throws MessagingException, IOException {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("its parts are nested more than " + MAX_DEPTH + " levels deep");
        }
        if (!part.isMimeType("multipart/*")) {
            leaf(part);
            return;
        }
        if (!(part.getContent() instanceof Multipart multipart)) {
            throw new IllegalArgumentException("a multipart cannot be read");
        }
        List<MimePart> inner = new ArrayList<>();
        for (int i = 0; i < multipart.getCount(); i++) {
            BodyPart each = multipart.getBodyPart(i);
            if (each instanceof MimePart one) {
                inner.add(one);
            }
        }
        for (MimePart each : part.isMimeType("multipart/alternative") ? richest(inner) : inner) {
            add(each, depth + 1);
        }
    }

    /**
     * The last alternative with HTML, alone or together with its pictures. Without HTML, the first alternative: the last one may be a
     * meeting invitation, which is not text.
     */
    private static List<MimePart> richest(List<MimePart> alternatives) throws MessagingException {
        for (int i = alternatives.size() - 1; i >= 0; i--) {
            MimePart each = alternatives.get(i);
            if (each.isMimeType("text/html") || each.isMimeType("multipart/*")) {
                return List.of(each);
            }
        }
        return alternatives.stream().limit(1).toList();
    }

    private void leaf(MimePart part) throws MessagingException, IOException {
        if (attachments.size() >= MAX_COUNT) {
            throw new IllegalArgumentException("it has more than " + MAX_COUNT + " parts");
        }
        Optional<String> name = name(part);
        boolean isText = part.isMimeType("text/*")
                && name.isEmpty()
                && !jakarta.mail.Part.ATTACHMENT.equalsIgnoreCase(disposition(part));
        Body content = workspace.write(out -> {
            byte[] buffer = new byte[8 * 1024];
            try (InputStream in = decoded(part)) {
                for (int read = read(in, buffer); read > 0; read = read(in, buffer)) {
                    out.write(buffer, 0, read);
                }
            }
        });
        String type = type(part);
        if (isText && body == null) {
            body = Part.body(type, content);
            return;
        }
        int number = attachments.size() + 2;
        attachments.add(new Part("part" + number, type, Context.empty(), content)
                .withFileName(name.orElse("part" + number + extension(part))));
    }

    private static InputStream decoded(MimePart part) {
        try {
            return part.getInputStream();
        } catch (MessagingException | IOException e) {
            throw new IllegalArgumentException("a part cannot be decoded", e);
        }
    }

    /** Reads, and turns a failure to decode into a fault of the mail: it is not a failure of this machine. */
    private static int read(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new IllegalArgumentException("a part cannot be decoded", e);
        }
    }

    private static @Nullable String disposition(MimePart part) throws MessagingException {
        try {
            return part.getDisposition();
        } catch (ParseException e) {
            // An unreadable value counts as missing.
            return null;
        }
    }

    /** The content type with its charset only: other parameters describe the original mail. */
    private static String type(MimePart part) throws MessagingException {
        try {
            var type = new jakarta.mail.internet.ContentType(
                    part.getContentType() == null ? "text/plain" : part.getContentType());
            String charset = type.getParameter("charset");
            String base = type.getBaseType().toLowerCase(Locale.ROOT);
            return charset == null || !charset.matches("[A-Za-z0-9._-]{1,40}") ? base : base + "; charset=" + charset;
        } catch (ParseException e) {
            return "application/octet-stream";
        }
    }

    private static String extension(MimePart part) throws MessagingException {
        if (part.isMimeType("text/html")) {
            return ".html";
        }
        return part.isMimeType("text/*") ? ".txt" : part.isMimeType("message/rfc822") ? ".eml" : ".bin";
    }

    /** The file name of a part: the last segment of a path of any operating system, without characters that file names must not have. */
    private static Optional<String> name(MimePart part) throws MessagingException {
        String given;
        try {
            given = part.getFileName();
        } catch (ParseException e) {
            return Optional.empty();
        }
        if (given == null) {
            return Optional.empty();
        }
        String printable =
                Text.printable(FileName.of(EncodedWords.text(given)), MAX_NAME).strip();
        boolean isName = !printable.isEmpty()
                && !printable.startsWith(".")
                && printable.getBytes(StandardCharsets.UTF_8).length <= 2 * MAX_NAME;
        return isName ? Optional.of(printable) : Optional.of("attachment");
    }
}
