package io.sendport.host.relay;

import io.sendport.api.message.Body;
import io.sendport.host.ledger.Hashing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A stored mail, preceded by the trace field {@code Received} that a relay adds (RFC 5321, section 4.4). */
final class RelayedMail implements Body {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private final byte[] received;
    private final Path file;
    private final long size;

    /**
     * The mail in {@code file}.
     *
     * @throws IOException when the file cannot be read
     */
    RelayedMail(Path file, long number, Instant filedAt) throws IOException {
        this.file = file;
        received = ("Received: from sendport ([127.0.0.1]) by localhost (Sendport audit relay)\r\n"
                        + "\twith ESMTPA id " + number + "; "
                        + DATE.format(filedAt.atOffset(ZoneOffset.UTC)) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        size = received.length + Files.size(file);
    }

    @Override
    public InputStream open() throws IOException {
        return new SequenceInputStream(new ByteArrayInputStream(received), Files.newInputStream(file));
    }

    @Override
    public long size() {
        return size;
    }

    /**
     * The SHA-256 of the mail with its trace field, hex.
     *
     * @throws IOException when the file cannot be read
     */
    String sha256() throws IOException {
        try (InputStream in = open()) {
            return Hashing.of(in);
        }
    }
}
