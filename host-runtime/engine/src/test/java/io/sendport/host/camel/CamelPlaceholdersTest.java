package io.sendport.host.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.settings.Problem;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Placeholders;
import io.sendport.config.read.Reading;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CamelPlaceholdersTest {

    @TempDir
    private Path folder;

    private final CamelPlaceholders placeholders = new CamelPlaceholders();

    @Test
    void resolvesARelativeFileAgainstTheGivenFolder() throws Exception {
        Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets/relay"), "s3cret\n");
        assertThat(placeholders.resolve("{{file:secrets/relay}}", folder)).isEqualTo("s3cret");
        assertThat(placeholders.resolve("{{file:" + folder.resolve("secrets/relay") + "}}", Path.of("/")))
                .isEqualTo("s3cret");
        assertThat(placeholders.resolve("{{file:secrets/none:otherwise}}", folder))
                .isEqualTo("otherwise");
        assertThatThrownBy(() -> placeholders.resolve("{{file:secrets/none}}", folder))
                .isInstanceOf(Placeholders.UnresolvedException.class)
                .hasMessageContaining(
                        folder.resolve("secrets/none") + ": cannot be read; expected a readable file of at most 64 KB");
    }

    @Test
    void aValueIsNotResolvedAgain() throws Exception {
        Files.writeString(folder.resolve("braces"), "{{env:HOME}}");
        assertThat(placeholders.resolve("{{file:braces}}", folder)).isEqualTo("{{env:HOME}}");
    }

    @Test
    void resolvesAFileInAFeedRouteAgainstTheFolderOfTheRoutes() throws Exception {
        Path feed = Files.writeString(
                folder.resolve("feed.xml"), "<route><from uri='timer:x?period={{file:period}}'/></route>");
        assertThat(new String(FeedFile.read(feed), StandardCharsets.UTF_8))
                .contains("{{file:" + folder.toAbsolutePath().resolve("period") + "}}");
    }

    @Test
    void warnsWhenOtherUsersCanReadASecretFile() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path secret = Files.writeString(folder.resolve("relay"), "s3cret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        Path file = Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns='urn:sendport:config:1'><host name='H'>
                <smtp host='127.0.0.1' tls='required' auth='basic' user='u' password='{{file:relay}}'/></host>
                <sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example'/></sendPort></sendport>
                """);
        Reading reading = new ConfigurationReader(placeholders).read(file);
        assertThat(reading.problems())
                .filteredOn(each -> each.severity() == Problem.Severity.WARNING)
                .extracting(Problem::toString)
                .singleElement()
                .asString()
                .contains("every user of this machine can read", "chmod 600 " + secret)
                .doesNotContain("s3cret");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        assertThat(new ConfigurationReader(new CamelPlaceholders()).read(file).problems())
                .as("nobody else can enter its folder")
                .isEmpty();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(new ConfigurationReader(new CamelPlaceholders()).read(file).problems())
                .isEmpty();
    }
}
