package io.sendport.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.testing.Deep;
import io.sendport.testing.Skipped;
import io.sendport.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn deploy -Prelease} stages of the committed state, used by a project that knows nothing else. */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class StagedArtifactsIT {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final List<String> JARS = List.of(
            "sendport-api",
            "sendport-config",
            "sendport-pipeline-components",
            "sendport-adapter-smtp",
            "sendport-engine",
            "sendport-client",
            "camel-sendport",
            "sendport-spring-boot-starter",
            "sendport-test");

    @TempDir
    private Path folder;

    private void run(Path where, Map<String, String> environment, String... command) throws Exception {
        Path log = Files.createTempFile(folder, "command", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(50, TimeUnit.MINUTES)).as(command[0]).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as(() -> String.join(" ", command) + ":\n" + tail(log))
                .isZero();
    }

    private static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void areCompleteSignedAndUsableWithOnlyTheBom() throws Exception {
        assumeTrue(Deep.isOn(), "builds everything");
        for (String tool : List.of("mvn", "git", "gpg")) {
            if (!Tool.answers(tool, "--version")) {
                Skipped.note("the staged artifacts: " + tool + " is missing");
                assumeTrue(false, tool);
            }
        }
        Map<String, String> keys = Map.of(
                "GNUPGHOME", Files.createDirectory(folder.resolve("keys")).toString());
        Path key = key(keys);
        Path source = folder.resolve("source");
        run(folder, Map.of(), "git", "clone", "-q", ROOT.toString(), source.toString());
        run(source, Map.of("MAVEN_GPG_KEY", Files.readString(key)), "mvn", "-B", "deploy", "-Prelease", "-DskipTests");
        Path staging = source.resolve("target/staging");
        requireComplete(staging, keys);
        consume(staging);
    }

    private Path key(Map<String, String> keys) throws Exception {
        Path key = folder.resolve("key.asc");
        run(
                folder,
                keys,
                "gpg",
                "--batch",
                "--passphrase",
                "",
                "--quick-generate-key",
                "Test <test@corp.example>",
                "ed25519",
                "sign",
                "never");
        run(folder, keys, "gpg", "--batch", "--armor", "--output", key.toString(), "--export-secret-keys");
        return key;
    }

    private void requireComplete(Path staging, Map<String, String> keys) throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.walk(staging)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (String artifact : JARS) {
            for (String end : List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json")) {
                List<Path> found = files.stream()
                        .filter(each -> each.getParent().getParent().endsWith(artifact)
                                && each.getFileName()
                                        .toString()
                                        .matches(
                                                artifact + "-[^a-z]*(-SNAPSHOT)?" + java.util.regex.Pattern.quote(end)))
                        .toList();
                assertThat(found).as("%s %s", artifact, end).hasSize(1);
                run(
                        folder,
                        keys,
                        "gpg",
                        "--batch",
                        "--verify",
                        found.get(0) + ".asc",
                        found.get(0).toString());
            }
        }
        assertThat(files).noneMatch(each -> each.toString().matches(".*/sendport-(bench|embedding|sample)[^/]*/.*"));
    }

    /** With a local repository that has everything but Sendport. */
    private void consume(Path staging) throws Exception {
        Path project = Files.createDirectories(folder.resolve("consumer"));
        Path tests = Files.createDirectories(project.resolve("src/test/java/com/example"));
        for (String each : List.of("Redact.java", "RedactTest.java")) {
            Files.copy(Path.of("src/test/java/com/example", each), tests.resolve(each));
        }
        Files.writeString(project.resolve("pom.xml"), CONSUMER.formatted(staging.toUri()));
        run(project, Map.of(), "mvn", "-B", "test", "-Dmaven.repo.local=" + localRepository());
        assertThat(project.resolve("target/surefire-reports/TEST-com.example.RedactTest.xml"))
                .content()
                .contains("tests=\"2\"")
                .contains("failures=\"0\"")
                .contains("errors=\"0\"");
    }

    private Path localRepository() throws IOException {
        Path users =
                Path.of(System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
        Path own = Files.createDirectories(folder.resolve("repository"));
        List<Path> groups = new ArrayList<>();
        try (Stream<Path> all = Files.list(users)) {
            groups.addAll(all.filter(each -> !each.endsWith("io")).toList());
        }
        try (Stream<Path> all = Files.list(users.resolve("io"))) {
            groups.addAll(all.filter(each -> !each.endsWith("sendport")).toList());
        }
        Files.createDirectories(own.resolve("io"));
        for (Path each : groups) {
            Files.createSymbolicLink(own.resolve(users.relativize(each)), each);
        }
        return own;
    }

    private static final String CONSUMER = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>com.example</groupId>
              <artifactId>consumer</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <repositories>
                <repository>
                  <id>staging</id>
                  <url>%s</url>
                </repository>
              </repositories>
              <dependencyManagement>
                <dependencies>
                  <dependency>
                    <groupId>io.sendport</groupId>
                    <artifactId>sendport-bom</artifactId>
                    <version>1.0.0-SNAPSHOT</version>
                    <type>pom</type>
                    <scope>import</scope>
                  </dependency>
                </dependencies>
              </dependencyManagement>
              <dependencies>
                <dependency>
                  <groupId>io.sendport</groupId>
                  <artifactId>sendport-engine</artifactId>
                </dependency>
                <dependency>
                  <groupId>io.sendport</groupId>
                  <artifactId>sendport-spring-boot-starter</artifactId>
                </dependency>
                <dependency>
                  <groupId>io.sendport</groupId>
                  <artifactId>sendport-test</artifactId>
                  <scope>test</scope>
                </dependency>
                <dependency>
                  <!-- the oldest that the test kit supports -->
                  <groupId>org.junit.jupiter</groupId>
                  <artifactId>junit-jupiter</artifactId>
                  <version>5.10.5</version>
                  <scope>test</scope>
                </dependency>
              </dependencies>
              <build>
                <plugins>
                  <plugin>
                    <artifactId>maven-resources-plugin</artifactId>
                    <version>3.5.0</version>
                  </plugin>
                  <plugin>
                    <artifactId>maven-compiler-plugin</artifactId>
                    <version>3.16.0</version>
                  </plugin>
                  <plugin>
                    <artifactId>maven-surefire-plugin</artifactId>
                    <version>3.5.6</version>
                  </plugin>
                </plugins>
              </build>
            </project>
            """;
}
