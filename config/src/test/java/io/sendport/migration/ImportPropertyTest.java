package io.sendport.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.settings.Problem;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Placeholders;
import io.sendport.migration.report.ReportText;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.UnreadableException;
import io.sendport.migration.write.Imported;
import io.sendport.support.HardenedXml;
import io.sendport.testing.Deep;
import io.sendport.testing.InTurn;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** What holds for every file: hostile, broken or generated. The seed is in the message of a failure. */
@InTurn
@Timeout(3_600)
class ImportPropertyTest {

    private static final Path RESOURCES = Path.of("src/test/resources/io/sendport/migration");
    private static final List<String> PIECES = List.of(
            "a@corp.example",
            "",
            "%MessageID%",
            "100%",
            "{{env:PATH}}",
            "${X}",
            "<&>\"'",
            "line\nline",
            "  blank",
            "]]>",
            "ä\u202Eö",
            "--",
            "%DestinationParty%",
            "\u0001");

    @TempDir
    private Path folder;

    private static void requireWellFormed(String xml, String seed) throws Exception {
        try {
            HardenedXml.reader().parse(new InputSource(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))));
        } catch (Exception e) {
            throw new AssertionError(seed + "\n" + xml, e);
        }
    }

    @Test
    void neverCrashesOrHangsOnABrokenFile() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (String name : List.of("orders.xml", "nightly.dtsx")) {
            byte[] whole = Files.readAllBytes(RESOURCES.resolve(name));
            Path file = folder.resolve(name);
            for (int i = 0; i < Deep.times(1_000, 50_000); i++) {
                byte[] bytes = mutated(whole, random);
                Files.write(file, bytes);
                try {
                    Imported imported = name.endsWith("x") && !name.endsWith("xml")
                            ? Migration.ssis(List.of(file))
                            : Migration.biztalk(List.of(file), Optional.of("Europe/Paris"));
                    requireWellFormed(imported.configuration(), "seed " + seed);
                } catch (UnreadableException e) {
                    assertThat(e.getMessage()).as("seed " + seed).contains(name);
                }
            }
        }
    }

    private static byte[] mutated(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(random.nextInt(60), bytes.length - at);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) "<>&\"'{}%;/= ".charAt(random.nextInt(12));
                case 2 -> System.arraycopy(whole, random.nextInt(whole.length - length), bytes, at, length);
                default -> bytes = random.nextInt(10) == 0 ? Arrays.copyOf(bytes, Math.max(1, at)) : bytes;
            }
        }
        return bytes;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString().replace("\u0001", "");
    }

    private static BindingText generated(Random random, int number) {
        BindingText port = new BindingText()
                .named("Port " + number + (random.nextBoolean() ? " (" + random.nextInt(9) + ")" : ""));
        for (String property : List.of(
                "To",
                "CC",
                "From",
                "Subject",
                "EmailBodyText",
                "EmailBodyFile",
                "Attachments",
                "EmailBodyTextCharset",
                "Sparkle")) {
            if (random.nextInt(3) > 0) {
                port.with(property, text(random));
            }
        }
        if (random.nextBoolean()) {
            port.with("SMTPHost", random.nextBoolean() ? "mail.corp.example" : "localhost:2525");
        }
        if (random.nextBoolean()) {
            port.with("SMTPAuthenticate", String.valueOf(random.nextInt(3)));
        }
        if (random.nextBoolean()) {
            port.with("Username", "user").with("Password", "hunter2");
        }
        port.with("MessagePartsAttachments", String.valueOf(random.nextInt(3)));
        if (random.nextBoolean()) {
            port.holding("<Filter>"
                    + BindingText.escaped("<Filter><Group><Statement Property='BTS.ReceivePortName' Operator='"
                            + random.nextInt(8) + "' Value='"
                            + BindingText.escaped(text(random)).replace("'", "") + "'/></Group></Filter>")
                    + "</Filter>");
        }
        if (random.nextInt(4) == 0) {
            port.holding(
                    "<OrderedDelivery>true</OrderedDelivery><StopSendingOnFailure>true</StopSendingOnFailure><Priority>"
                            + (1 + random.nextInt(10)) + "</Priority>");
        }
        return port;
    }

    /** Supplies what is to do, and nothing else. */
    private record Supplied(Map<String, String> values) implements Placeholders {
        private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");

        @Override
        public void define(Map<String, String> properties) {}

        @Override
        public String resolve(String text, Path base) throws UnresolvedException {
            Matcher matcher = PLACEHOLDER.matcher(text);
            StringBuilder resolved = new StringBuilder();
            while (matcher.find()) {
                String value = values.get(matcher.group(1));
                if (value == null) {
                    throw new UnresolvedException(matcher.group() + " has no value");
                }
                matcher.appendReplacement(resolved, Matcher.quoteReplacement(value));
            }
            return matcher.appendTail(resolved).toString();
        }
    }

    @Test
    void isValidOnceAllReportedTodosAreDone() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < Deep.times(150, 3_000); i++) {
            List<String> names = new ArrayList<>();
            StringBuilder ports = new StringBuilder();
            for (int n = random.nextInt(4); n >= 0; n--) {
                String port = generated(random, n).port();
                names.add(port.replaceAll("(?s).*?Name=\"([^\"]*)\".*", "$1"));
                ports.append(port);
            }
            Path file = folder.resolve("b.xml");
            Files.writeString(
                    file, "<BindingInfo><SendPortCollection>" + ports + "</SendPortCollection></BindingInfo>");
            Imported imported = Migration.biztalk(List.of(file), Optional.empty());
            String told = String.join("\n", ReportText.lines(imported.report(), "s.xml"))
                    + imported.report().objects();
            assertThat(told).as("seed " + seed).contains(names);
            assertThat(told + imported.configuration()).as("seed " + seed).doesNotContain("hunter2");
            assertThat(imported.configuration()).doesNotContain("initialState=\"started\"");
            assertThat(Migration.biztalk(List.of(file), Optional.empty()).configuration())
                    .isEqualTo(imported.configuration());
            requireWellFormed(imported.configuration(), "seed " + seed);
            Map<String, String> values = new LinkedHashMap<>();
            for (Todo each : imported.report().todos()) {
                switch (each.kind()) {
                    case ENV -> values.put("env:" + each.name(), "secret");
                    case PROPERTY -> values.put(each.name(), value(each.name()));
                    case FILE -> {
                        Path supplied = folder.resolve(each.name());
                        Files.createDirectories(supplied.getParent());
                        Files.writeString(supplied, "text");
                    }
                    default -> assertThat(each.message()).isNotBlank();
                }
            }
            Path written = folder.resolve("sendport.xml");
            Files.writeString(written, imported.configuration());
            assertThat(new ConfigurationReader(new Supplied(values))
                            .read(written).problems().stream().filter(Problem::isError))
                    .as("seed " + seed + "\n" + imported.configuration())
                    .isEmpty();
        }
    }

    private static String value(String name) {
        if (name.endsWith("smtp.auth")) {
            return "none";
        }
        return name.endsWith(".to") || name.endsWith(".cc") || name.endsWith(".from") || name.contains("mail.from")
                ? "x@corp.example"
                : "mail.corp.example";
    }
}
