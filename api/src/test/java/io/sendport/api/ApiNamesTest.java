package io.sendport.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who imports a type of the api seldom has to spell out another. */
class ApiNamesTest {

    private static final Path API = Path.of("src/main/java/io/sendport/api");

    /** Packages whose types everybody imports. */
    private static final List<String> COMMON = List.of(
            "java/lang", "java/util", "java/io", "java/time", "java/nio/file", "java/net", "java/util/function");

    private static Set<String> names(Path folder, String ending, int depth) throws IOException {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending) && !name.contains("$") && !name.contains("-info"))
                    .map(name -> name.substring(0, name.length() - ending.length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void noTypeHasTheNameOfACommonTypeOfTheJdk() throws Exception {
        Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules");
        Set<String> taken = new TreeSet<>(names(modules.resolve("java.sql/java/sql"), ".class", 1));
        for (String each : COMMON) {
            taken.addAll(names(modules.resolve("java.base").resolve(each), ".class", 1));
        }
        assertThat(taken).contains("String", "Properties", "Connection");
        Set<String> ours = names(API, ".java", 9);
        assertThat(ours).contains("SendAdapter").doesNotContainAnyElementsOf(taken);
    }

    @Test
    void everyPackageDocumentsItsPromises() throws Exception {
        try (Stream<Path> files = Files.walk(API)) {
            List<Path> all =
                    files.filter(file -> file.endsWith("package-info.java")).toList();
            assertThat(all).hasSizeGreaterThan(5);
            for (Path each : all) {
                assertThat(Files.readString(each))
                        .as(each.toString())
                        .contains("Promised: ", "Null is never allowed", "threads", "IllegalArgumentException");
            }
        }
    }
}
