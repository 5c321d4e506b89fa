package io.sendport.smtp.wire;

import io.sendport.support.text.Text;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides whether lines of a server are a reply (RFC 5321 section 4.2). Each line starts with the same three digits, followed by a hyphen
 * if another line follows, otherwise by a space or the end of the line. Anything else is not a reply. A server that contradicts itself, or
 * that Sendport misunderstands, has not accepted anything.
 */
final class ReplyShape {

    private static final Pattern LINE = Pattern.compile("([2-5][0-9][0-9])(?:([ -]).*)?", Pattern.DOTALL);
    private static final int SHOWN_CHARACTERS = 300;

    private ReplyShape() {}

    /**
     * Why {@code text} is not a reply; empty when it is one.
     *
     * @param text lines, each ended by LF
     * @param cut whether the connection ended within the last line
     */
    static Optional<String> fault(String text, boolean cut) {
        List<String> lines =
                List.of((text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1));
        return fault(lines, cut).map(why -> why + ": " + Text.printable(String.join(" / ", lines), SHOWN_CHARACTERS));
    }

    private static Optional<String> fault(List<String> lines, boolean cut) {
        List<Matcher> parsed = lines.stream().map(LINE::matcher).toList();
        if (!parsed.stream().allMatch(Matcher::matches)) {
            return Optional.of("a line does not start with three digits and a space, a hyphen or the end of the line");
        }
        String codes = parsed.stream().map(line -> line.group(1)).distinct().collect(Collectors.joining(", "));
        if (codes.length() > 3) {
            return Optional.of("its lines have different codes (" + codes + ")");
        }
        for (int i = 0; i < parsed.size(); i++) {
            boolean goesOn = "-".equals(parsed.get(i).group(2));
            if (goesOn != i < parsed.size() - 1) {
                return Optional.of(goesOn ? "its last line is missing" : "more lines follow its last line");
            }
        }
        boolean endsWithCode = parsed.get(parsed.size() - 1).group(2) == null;
        return cut && endsWithCode ? Optional.of("the connection ended within its code") : Optional.empty();
    }
}
