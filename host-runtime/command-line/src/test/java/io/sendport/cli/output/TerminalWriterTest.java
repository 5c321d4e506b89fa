package io.sendport.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import io.sendport.cli.log.LogConfigurator;
import io.sendport.host.operate.Json;
import io.sendport.testing.Hostile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** No foreign text moves a cursor, forges a line or turns what stands before it, on a terminal or in a log. */
class TerminalWriterTest {

    private static final String HOSTILE = "a\u001B[2Jb\nforged\rc\u009Bd\u007Fe\u202Ef\u2066g\u200Fh\u061Ci\u2028j";
    private static final String SHOWN =
            "a\\u001B[2Jb\\u000Aforged\\u000Dc\\u009Bd\\u007Fe\\u202Ef\\u2066g\\u200Fh\\u061Ci\\u2028j";

    private static String written(Consumer<PrintWriter> by) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TerminalWriter out = new TerminalWriter(bytes)) {
            by.accept(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void requireHarmless(String text) {
        assertThat(text.codePoints())
                .noneMatch(c -> (Character.isISOControl(c) && c != '\n' && c != '\t')
                        || Character.getType(c) == Character.FORMAT
                        || c == 0x2028
                        || c == 0x2029);
    }

    @Test
    void printsHostileTextOnOneLine() {
        assertThat(written(out -> out.println(HOSTILE))).isEqualTo(SHOWN + "\n");
        assertThat(written(out -> out.println((Object) HOSTILE))).isEqualTo(SHOWN + "\n");
        assertThat(written(out -> Hostile.STRINGS.forEach(out::println)).lines())
                .hasSameSizeAs(Hostile.STRINGS);
        requireHarmless(written(out -> Hostile.STRINGS.forEach(out::println)));
    }

    @Test
    void keepsLineBreaksAndEscapesControlCharacters() {
        assertThat(written(out -> out.print("a\n\tb\r\nc\u001B\rd\u202E\n")))
                .isEqualTo("a\n\tb\r\nc\\u001B\\u000Dd\\u202E\n");
        assertThat(written(out -> out.write('\u202E'))).isEqualTo("\\u202E");
        assertThat(written(out -> out.printf("%s\n", "\u00FC \uD83D\uDE00"))).isEqualTo("\u00FC \uD83D\uDE00\n");
    }

    @Test
    void keepsJsonValuesIntact() throws Exception {
        String line = written(out -> out.println(Json.write(Map.of("subject", HOSTILE))));
        requireHarmless(line);
        assertThat(new com.fasterxml.jackson.databind.ObjectMapper()
                        .readTree(line)
                        .get("subject")
                        .asText())
                .isEqualTo(HOSTILE);
    }

    @Test
    void keepsColumnsAlignedWhenTextIsEscaped() {
        List<String> lines = written(out -> Output.table(
                        out, List.of("name", "next"), List.of(List.of("\u202E", "x"), List.of("plain", "y"))))
                .lines()
                .toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1).indexOf('x')).isEqualTo(lines.get(2).indexOf('y'));
    }

    @Test
    void printsAStackTraceWithoutForgedLines() {
        Exception failure = new IllegalStateException(HOSTILE, new IllegalArgumentException(HOSTILE));
        String trace = written(failure::printStackTrace);
        requireHarmless(trace);
        assertThat(trace.lines()).noneMatch(line -> line.startsWith("forged"));
        assertThat(trace).contains("\tat ", "Caused by: ", SHOWN);
    }

    @Test
    void logsAnEventWithoutForgedLines() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.err;
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(MDC.getMDCAdapter());
        try {
            System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            MDC.put("port", "P\u202E");
            new LogConfigurator().configure(context);
            Exception failure = new IllegalStateException(HOSTILE, new IllegalArgumentException(HOSTILE));
            failure.addSuppressed(new IllegalArgumentException(HOSTILE));
            context.getLogger("io.sendport.test").warn("said: {}", HOSTILE, failure);
        } finally {
            MDC.remove("port");
            context.stop();
            System.setErr(before);
        }
        String log = bytes.toString(StandardCharsets.UTF_8);
        requireHarmless(log);
        List<String> lines = new ArrayList<>(log.lines().toList());
        assertThat(lines.get(0)).contains("port=P\\u202E", "said: " + SHOWN);
        assertThat(lines).anyMatch(line -> line.equals("Caused by: java.lang.IllegalArgumentException: " + SHOWN));
        assertThat(lines).anyMatch(line -> line.contains("Suppressed: ") && line.endsWith(SHOWN));
        assertThat(lines).noneMatch(line -> line.startsWith("forged"));
    }
}
