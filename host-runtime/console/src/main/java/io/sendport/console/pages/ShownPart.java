package io.sendport.console.pages;

import io.sendport.api.message.Body;
import io.sendport.api.message.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A part of a message as far as a page shows it; the rest is in the file that can be saved.
 *
 * @param number from 1
 * @param name of its file, or of the part
 * @param type its media type
 * @param size in bytes
 * @param text its beginning; empty where it is no text
 * @param isWhole whether that is all of it
 */
public record ShownPart(int number, String name, String type, long size, String text, boolean isWhole) {

    /** A page stays light; a browser that gets megabytes of text stops answering. */
    static final int MOST = 256 * 1024;

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

    /** Whether it is HTML, which is shown as a page in a frame that can load nothing. */
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
