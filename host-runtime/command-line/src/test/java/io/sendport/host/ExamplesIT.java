package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.settings.Problem;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.camel.CamelPlaceholders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example configuration and every configuration in the documentation is read. */
class ExamplesIT {

    private static final Pattern XML_BLOCK = Pattern.compile("```xml\\R(<\\?xml.*?|<sendport.*?)```", Pattern.DOTALL);
    /** What only the reader's own machine has. */
    private static final Pattern OF_THE_READERS_MACHINE = Pattern.compile(
            "\\{\\{(env|file):|does not exist or cannot be read|folder: \\S+ does not exist|matches no file");

    static Stream<Path> examples() throws Exception {
        return markedBy(".xml", Path.of("../../config/examples")).stream()
                .filter(file -> file.getParent().endsWith("examples") && !file.endsWith("invoice.xml"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isValid(Path file) {
        Reading reading = new ConfigurationReader(new CamelPlaceholders()).read(file);
        assertThat(errors(reading)).isEmpty();
        assertThat(reading.configuration()).isPresent();
    }

    @Test
    void theReferenceNamesEveryElementAndAttributeOfTheSchema() throws Exception {
        String reference = Files.readString(Path.of("../../docs/configuration.md"));
        Matcher names = Pattern.compile("<xs:(?:element|attribute) name=\"([^\"]+)\"")
                .matcher(Files.readString(Path.of("../../config/src/main/resources/io/sendport/config/sendport.xsd")));
        while (names.find()) {
            assertThat(reference).contains("`" + names.group(1) + "`");
        }
    }

    /** The table of what an insider can do says which test shows each line. */
    @Test
    void everyTestOnTheSecurityPageExists() throws Exception {
        List<Path> sources = new ArrayList<>(markedBy(".java", Path.of("src/test/java")));
        sources.addAll(markedBy(".java", Path.of("../engine/src/test/java")));
        sources.addAll(markedBy(".java", Path.of("../../integrations/client/src/test/java")));
        List<String> tests = sources.stream()
                .map(file -> String.valueOf(file.getFileName()).replace(".java", ""))
                .toList();
        Matcher names = Pattern.compile("`(\\w+(?:Test|IT|Contract))`")
                .matcher(Files.readString(Path.of("../../docs/security.md")));
        List<String> named = new ArrayList<>();
        while (names.find()) {
            named.add(names.group(1));
        }
        assertThat(named).isNotEmpty();
        assertThat(tests).containsAll(named);
    }

    private static List<Path> markedBy(String ending, Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    private static List<String> errors(Reading reading) {
        return reading.problems().stream()
                .filter(each -> each.severity() == Problem.Severity.ERROR)
                .map(Problem::toString)
                .filter(text -> !OF_THE_READERS_MACHINE.matcher(text).find())
                .toList();
    }

    @Test
    void theConfigurationsInTheDocsAreValid() throws Exception {
        int found = 0;
        List<Path> docs = new ArrayList<>(markedBy(".md", Path.of("../../docs")));
        docs.add(Path.of("../../README.md"));
        for (Path doc : docs) {
            Matcher matcher = XML_BLOCK.matcher(Files.readString(doc));
            while (matcher.find()) {
                Path file = Files.createTempFile("doc", ".xml");
                Files.writeString(file, matcher.group(1));
                assertThat(errors(new ConfigurationReader(new CamelPlaceholders()).read(file)))
                        .as(doc.toString())
                        .isEmpty();
                found++;
                Files.delete(file);
            }
        }
        assertThat(found).isPositive();
    }

    /** Jars of another Camel beside those that are shipped would clash. */
    @Test
    void thePomForFeedsHasTheShippedCamelVersion() throws Exception {
        Matcher shipped = Pattern.compile("<camel.version>(.*?)</camel.version>")
                .matcher(Files.readString(Path.of("../../pom.xml")));
        assertThat(shipped.find()).isTrue();
        assertThat(Files.readString(Path.of("../../docs/feeding-from-camel.md")))
                .contains("<artifactId>camel-bom</artifactId>\n        <version>" + shipped.group(1) + "</version>");
    }
}
