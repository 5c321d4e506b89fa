package io.sendport.config.read;

import io.sendport.api.settings.Origin;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a file, used to find the positions of attributes. The parser only reports the end of a start tag. */
final class TagText {

    private static final Pattern ATTRIBUTE = Pattern.compile("([\\w.:-]+)\\s*=\\s*(?:\"[^\"]*\"|'[^']*')");

    private final Path file;
    private final String text;
    private final List<Integer> lines = new ArrayList<>();

    private TagText(Path file, String text) {
        this.file = file;
        this.text = text;
        lines.add(0);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (c == '\n' || (c == '\r' && !pair)) {
                lines.add(i + 1);
            }
        }
    }

    /**
     * The text of {@code file} when it is UTF-8. For other encodings no attribute is found, and the end of the tag is used as its position.
     */
    static TagText of(Path file, byte[] bytes) {
        try {
            return new TagText(
                    file,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            return new TagText(file, "");
        }
    }

    /** The positions of the attributes of the start tag that ends at {@code end}. */
    Map<String, Origin> attributes(Origin end) {
        Map<String, Origin> found = new HashMap<>();
        if (end.line() < 1 || end.line() > lines.size()) {
            return found;
        }
        int stop = lines.get(end.line() - 1) + end.column() - 1;
        int start = stop > text.length() ? -1 : text.lastIndexOf('<', stop - 1);
        if (start < 0) {
            return found;
        }
        Matcher matcher = ATTRIBUTE.matcher(text).region(start, stop);
        while (matcher.find()) {
            found.put(matcher.group(1), at(matcher.start(1)));
        }
        return found;
    }

    private Origin at(int offset) {
        int line = lines.size();
        while (lines.get(line - 1) > offset) {
            line--;
        }
        return new Origin(file, line, offset - lines.get(line - 1) + 1);
    }
}
