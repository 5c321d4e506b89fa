package io.sendport.host.ledger.reconcile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A Postfix log, plain or gzip-compressed. The cleanup service of Postfix logs the Message-ID of each accepted mail with the queue id
 * from the reply. A log contains no mails, so it proves that a mail was accepted, but not its content.
 */
final class PostfixLog implements Archive {

    private static final Pattern ACCEPTED = Pattern.compile(
            "postfix[^ ]*/cleanup\\[\\d+\\]: ([0-9A-Za-z]{5,20}): (?:resent-)?message-id=(<[^>]{1,998}>)");

    private final Path file;

    PostfixLog(Path file) {
        this.file = file;
    }

    @Override
    public boolean hasBytes() {
        return false;
    }

    @Override
    public void read(Reader reader) throws IOException {
        long number = 0;
        try (InputStream in = Files.newInputStream(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                Matcher matcher = ACCEPTED.matcher(line);
                if (matcher.find()) {
                    reader.take(new ArchivedMail(matcher.group(2), Set.of(matcher.group(1)), "line " + number));
                }
            }
        }
    }
}
