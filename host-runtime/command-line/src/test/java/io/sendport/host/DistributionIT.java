package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.testing.Skipped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What a legal department, a security team and a build tool look for in the distribution and in its jars. */
class DistributionIT {

    /** How the names of our own jars begin; that of the Camel component is camel-sendport. */
    private static final String OWN = "sendport-";

    private static final Path HOME = Path.of("../target/sendport");
    /** The target of a relative link in Markdown, without its fragment. */
    private static final Pattern LINK = Pattern.compile("\\]\\((?!\\w+:)([^)#\\s]+)[^)]*\\)");

    @Test
    void folderAndZipHaveTheSameFiles() throws Exception {
        List<String> folder;
        try (Stream<Path> files = Files.walk(HOME)) {
            folder = files.filter(Files::isRegularFile)
                    .map(file -> "sendport/" + HOME.relativize(file).toString().replace('\\', '/'))
                    .toList();
        }
        try (ZipFile zip = new ZipFile(zip().toFile())) {
            List<String> zipped = zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .toList();
            assertThat(zipped).containsExactlyInAnyOrderElementsOf(folder);
        }
        assertThat(folder)
                .contains("sendport/LICENSE", "sendport/NOTICE", "sendport/CHANGELOG.md", "sendport/THIRD-PARTY.txt");
    }

    @Test
    void theFolderAndEachOwnJarContainLicenseAndNotice() throws Exception {
        for (String name : List.of("LICENSE", "NOTICE")) {
            String text = Installed.read(Path.of("..", "..", name));
            assertThat(Installed.read(HOME.resolve(name))).isEqualTo(text);
            for (Path file : jars(OWN)) {
                assertThat(entry(file, "META-INF/" + name)).as("%s", file).isEqualTo(text);
            }
        }
    }

    @Test
    void thirdPartyListNamesEachLibraryOnceWithItsLicense() throws Exception {
        List<String> lines = Files.readAllLines(HOME.resolve("THIRD-PARTY.txt")).stream()
                .filter(line -> line.matches("[\\w.-]+:[\\w.-]+:[\\w.-]+ \\(.+\\): \\S.*"))
                .toList();
        List<String> listed = lines.stream()
                .map(line -> line.substring(0, line.indexOf(' ')).split(":"))
                .map(coordinates -> coordinates[1] + "-" + coordinates[2])
                .toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(libraries());
        assertThat(lines).noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("unknown"));
    }

    @Test
    void billOfMaterialsNamesEachJarWithItsVersion() throws Exception {
        boolean offline = "offline true".equals(System.getProperty("sendport.build"));
        if (offline) {
            Skipped.note("the distribution's sbom.json (its Maven plugin does nothing when Maven is offline)");
        }
        assumeFalse(offline, "an online build");
        JsonNode bill = new ObjectMapper().readTree(HOME.resolve("sbom.json").toFile());
        assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
        List<String> named = new ArrayList<>();
        named.add(nameAndVersion(bill.path("metadata").path("component")));
        bill.path("components").forEach(component -> named.add(nameAndVersion(component)));
        List<String> shipped = new ArrayList<>(libraries());
        jars(OWN).forEach(file -> shipped.add(withoutEnding(file)));
        assertThat(named).containsExactlyInAnyOrderElementsOf(shipped);
    }

    @Test
    void containsNoUnneededLibraries() throws Exception {
        assertThat(libraries())
                .noneMatch(
                        name -> name.matches("(jsr305|checker-qual|flyway-database-cockroachdb|jmh-core|artemis).*"));
    }

    @Test
    void eachOwnJarHasAUniqueModuleName() throws Exception {
        Set<String> names = new HashSet<>();
        for (Path file : jars(OWN)) {
            try (JarFile jar = new JarFile(file.toFile())) {
                String name = jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name");
                assertThat(name).as("%s", file).startsWith("io.sendport.");
                assertThat(names.add(name)).as("%s", name).isTrue();
            }
        }
        assertThat(names).hasSize(8);
    }

    /** What a consumer's build tool reads: nothing of our build, no parent to find. */
    @Test
    void publishedPomsNameTheLicenseButNoParentOrTestLibrary() throws Exception {
        for (Path file : jars(OWN)) {
            String artifact = withoutEnding(file).replaceAll("-\\d.*", "");
            String pom = entry(file, "META-INF/maven/io.sendport/" + artifact + "/pom.xml");
            assertThat(pom)
                    .as("%s", file)
                    .contains("<name>", "<description>", "<url>", "<scm", "<developers>", "<name>Apache-2.0</name>")
                    .doesNotContain("<parent>", "<scope>test</scope>", "<build>", "${");
        }
    }

    @Test
    void nativeCryptographyComesWithTheDistributionNotWithTheComponents() throws Exception {
        assertThat(libraries()).anyMatch(name -> name.startsWith("AmazonCorrettoCryptoProvider"));
        assertThat(entry(
                        jars("sendport-pipeline-components").get(0),
                        "META-INF/maven/io.sendport/sendport-pipeline-components/pom.xml"))
                .doesNotContain("AmazonCorrettoCryptoProvider");
    }

    @Test
    void documentationLinksPointToExistingFiles() throws Exception {
        List<Path> pages;
        try (Stream<Path> files = Files.walk(HOME)) {
            pages = files.filter(file -> file.toString().endsWith(".md")).toList();
        }
        assertThat(pages).hasSizeGreaterThan(20);
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            Matcher links = LINK.matcher(Installed.read(page));
            while (links.find()) {
                if (!Files.exists(page.resolveSibling(links.group(1)))) {
                    broken.add(page + ": " + links.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    /** Every jar that is not ours, as name-version: the classifier of a platform is no part of it. */
    private static List<String> libraries() throws IOException {
        return jars("").stream()
                .map(DistributionIT::withoutEnding)
                .filter(name -> !name.startsWith(OWN) && !name.startsWith("camel-" + OWN))
                .toList();
    }

    private static List<Path> jars(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(HOME.resolve("lib"))) {
            List<Path> found = files.filter(file -> {
                        String name = String.valueOf(file.getFileName());
                        return name.startsWith(prefix) || (prefix.equals(OWN) && name.startsWith("camel-" + OWN));
                    })
                    .toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    private static String withoutEnding(Path file) {
        return String.valueOf(file.getFileName()).replaceAll("(-linux-x86_64)?\\.jar$", "");
    }

    private static String nameAndVersion(JsonNode component) {
        return component.path("name").asText() + "-" + component.path("version").asText();
    }

    private static String entry(Path file, String name) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            ZipEntry entry = jar.getEntry(name);
            assertThat(entry).as("%s in %s", name, file).isNotNull();
            return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The zip of the same version as the jars: an older one may lie beside it. */
    private static Path zip() throws IOException {
        String version = withoutEnding(jars("sendport-api").get(0)).replace("sendport-api-", "");
        return Path.of("..", "target", "sendport-" + version + ".zip");
    }
}
