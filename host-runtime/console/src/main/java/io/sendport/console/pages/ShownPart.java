package io.sendport.console.pages;

import io.sendport.api.message.Body;
import io.sendport.api.message.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The beginning of a message part, which a page shows. Users can save the complete part as a file.
 *
 * @param number the number of the part, from 1
 * @param name the name of its file, or of the part
 * @param type the media type
 * @param size the size in bytes
 * @param text the beginning; empty when the part is not text
 * @param isWhole whether {@code text} is the whole part
 */
public record ShownPart(int number, String name, String type, long size, String text, boolean isWhole) {

    /** The limit for the text of a part, in bytes. A browser stops responding when a page has megabytes of text. */
    static final int MAX_BYTES = 256 * 1024;

    static ShownPart of(int number, Part part, int room) throws IOException {
        String type = part.contentType();
        boolean isText = isText(type);
        return new ShownPart(
                number,
                part.fileName().orElse(part.name()),
                type,
                part.body().size(),
                isText ? beginning(part.body(), room) : "",
                part.body().size() <= room);
    }

    /** Whether the part is HTML. The page shows it in a sandboxed frame that can load nothing. */
    public boolean isHtml() {
        return type.toLowerCase(Locale.ROOT).startsWith("text/html");
    }

    /** Whether there is text to show. */
    public boolean isShown() {
        return !text.isEmpty();
    }

    private static boolean isText(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.startsWith("text/")
                || lower.contains("xml")
                || lower.contains("json")
                || lower.contains("edifact");
    }

    static String beginning(Body body, int room) throws IOException {
        try (InputStream in = body.open()) {
            return new String(in.readNBytes(room), StandardCharsets.UTF_8);
        }
    }
}
