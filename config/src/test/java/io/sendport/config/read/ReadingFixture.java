package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Reads a configuration out of a folder of its own. */
abstract class ReadingFixture {

    static final String HOST = "<host name='H'><smtp host='mail.corp.example' port='25' tls='none'/></host>";

    @TempDir
    Path folder;

    final SimplePlaceholders placeholders = new SimplePlaceholders(Map.of("env:PASSWORD", "s3cret-canary"));

    Reading read(String content) throws IOException {
        Path file = folder.resolve("sendport.xml");
        Files.writeString(file, "<sendport xmlns='urn:sendport:config:1'>\n" + content + "\n</sendport>");
        return new ConfigurationReader(placeholders).read(file);
    }

    static List<String> messages(Reading reading) {
        return reading.problems().stream()
                .map(Problem::toString)
                .map(text -> text.substring(text.indexOf("sendport.xml")))
                .toList();
    }

    static String port(String inside) {
        return "<sendPort name='P' host='H'>" + inside + "</sendPort>";
    }

    static final String MAIL = "<mail from='a@corp.example' to='b@customer.example'/>";
}
