package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Constructions that CONTRIBUTING.md forbids, since readers have to read them twice: in comments and texts of the code, and in the documentation. */
class PlainEnglishTest {

    private static final Path ROOT = Path.of("../..");

    /** One regular expression a line, each with the reason above it. */
    private static final String LIST = "forbidden-constructions.txt";

    /** Names of others, and what was promised under that name. */
    private static final Pattern ALLOWED = Pattern.compile("Bouncy Castle Licence|Zlib Licence|an? isn't");

    private static final Pattern STRING =
            Pattern.compile("\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"", Pattern.DOTALL);
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);
    private static final Pattern TOKEN =
            Pattern.compile(STRING.pattern() + "|'(?:\\\\.|[^'\\\\])+'|" + COMMENT.pattern(), Pattern.DOTALL);
    private static final Pattern CODE =
            Pattern.compile("(?s)```.*?```|~~~.*?~~~|(?m)^(?: {4}|\\t).*$|`[^`\\n]*`|\\]\\([^)]*\\)");

    private final Pattern forbidden = forbidden();

    PlainEnglishTest() throws IOException {}

    @Test
    void isWrittenInTheCode() throws Exception {
        List<String> found = new ArrayList<>();
        for (Path file : files("java")) {
            if (file.toString().contains("/src/main/")) {
                String text = Files.readString(file);
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

    private static Pattern forbidden() throws IOException {
        try (InputStream in = PlainEnglishTest.class.getResourceAsStream(LIST)) {
            String any = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.joining("|"));
            return Pattern.compile("(?i)\\b(?:" + any + ")\\w*");
        }
    }

    private void look(Path file, long firstLine, String text, List<String> found) {
        String checked = ALLOWED.matcher(text).replaceAll("");
        for (Matcher match = forbidden.matcher(checked); match.find(); ) {
            long line = firstLine + lines(checked.substring(0, match.start()));
            found.add(ROOT.relativize(file) + ":" + line + ": " + match.group());
        }
    }

    private static long lines(String text) {
        return text.chars().filter(c -> c == '\n').count();
    }
}
