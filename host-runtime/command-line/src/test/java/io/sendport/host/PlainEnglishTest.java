package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Constructions that CONTRIBUTING.md forbids, since readers have to read them twice: in comments and texts of the code, and in the documentation. */
class PlainEnglishTest {

    private static final Path ROOT = Path.of("../..");

    private static final Pattern FORBIDDEN = Pattern.compile(
            "(?i)\\b(?:[a-z]+n['\u2019]t|(?:it|that|there|what|who|he|she|let)['\u2019]s(?! own)|(?:we|you|they|it)['\u2019](?:ll|re|ve|d)|I['\u2019]m"
                    + "|anew|whoever|for ever\\b|nor (?:is|are|do|does)|stands? in (?:the|a|an|its|their|that|this)\\b(?! for)"
                    + "|that one\\b(?! of)|(?<!there )(?<!This )is no (?!longer|more|other|need|way|room|file|risk|limit|rule|reason)[a-z]+"
                    + "|(?:is|are|was) told|of one's own"
                    + "|colour|behaviour|favour|honour|recognis|organis|licence|cancelled|catalogue)\\w*");

    /** Names of others, and what was promised under that name. */
    private static final Pattern ALLOWED = Pattern.compile("Bouncy Castle Licence|Zlib Licence|an? isn't");

    private static final Pattern STRING =
            Pattern.compile("\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"", Pattern.DOTALL);
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);
    private static final Pattern TOKEN =
            Pattern.compile(STRING.pattern() + "|'(?:\\\\.|[^'\\\\])+'|" + COMMENT.pattern(), Pattern.DOTALL);
    private static final Pattern CODE =
            Pattern.compile("(?s)```.*?```|~~~.*?~~~|(?m)^(?: {4}|\\t).*$|`[^`\\n]*`|\\]\\([^)]*\\)");

    @Test
    void isWrittenInTheCode() throws Exception {
        List<String> found = new ArrayList<>();
        for (Path file : files("java")) {
            String text = Files.readString(file);
            if (file.toString().contains("/src/main/")) {
                for (Matcher token = TOKEN.matcher(text); token.find(); ) {
                    look(file, 1 + lines(text.substring(0, token.start())), token.group(), found);
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void isWrittenInTheDocumentation() throws Exception {
        List<String> found = new ArrayList<>();
        for (Path file : files("md")) {
            // Blanks keep the lines where they are.
            String prose = CODE.matcher(Files.readString(file))
                    .replaceAll(code -> code.group().replaceAll("[^\\n]", " "));
            look(file, 1, prose, found);
        }
        assertThat(found).isEmpty();
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(file -> file.toString().endsWith("." + ending))
                    .filter(file -> !file.toString().matches(".*/(target|generated|\\.git|\\.sandbox)/.*"))
                    .sorted()
                    .toList();
        }
    }

    private static void look(Path file, long firstLine, String text, List<String> found) {
        String checked = ALLOWED.matcher(text).replaceAll("");
        for (Matcher match = FORBIDDEN.matcher(checked); match.find(); ) {
            long line = firstLine + lines(checked.substring(0, match.start()));
            found.add(ROOT.relativize(file) + ":" + line + ": " + match.group());
        }
    }

    private static long lines(String text) {
        return text.chars().filter(c -> c == '\n').count();
    }
}
