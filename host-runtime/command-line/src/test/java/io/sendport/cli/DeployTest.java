package io.sendport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.camel.CamelPlaceholders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configurations in what is shipped for machines and clusters; the rest of it can't be run here. */
class DeployTest {

    @TempDir
    private Path folder;

    private Reading read(String configuration) throws Exception {
        return new ConfigurationReader(new CamelPlaceholders())
                .read(Files.writeString(folder.resolve("sendport.xml"), configuration));
    }

    @Test
    void theConfigurationInTheManifestsIsValid() throws Exception {
        String configuration = Files.readAllLines(Path.of("src/dist/deploy/kubernetes/sendport.yaml")).stream()
                .dropWhile(line -> !line.equals("  sendport.xml: |"))
                .skip(1)
                .takeWhile(line -> line.startsWith("    "))
                .map(line -> line.substring(4).replaceAll("\\{\\{file:[^}]*}}", "secret"))
                .collect(Collectors.joining("\n"));
        Reading read = read(configuration);
        assertThat(read.hasErrors()).as(read.problems().toString()).isFalse();
        assertThat(read.configuration().orElseThrow().messageBox().sqliteFile()).isEmpty();
    }

    @Test
    void theConfigurationInThePackageIsValid() throws Exception {
        Reading read = read(Files.readString(Path.of("src/deb/sendport.xml")));
        assertThat(read.problems()).isEmpty();
    }
}
