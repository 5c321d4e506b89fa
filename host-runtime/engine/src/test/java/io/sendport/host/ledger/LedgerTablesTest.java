package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A record lies in one of two forms, and may not be indexed yet: only one package knows that. */
class LedgerTablesTest {

    private static final Path SOURCES = Path.of("src/main/java/io/sendport/host");
    private static final Pattern TABLE =
            Pattern.compile("audit_(lane|record|recipient|property|segment|key|indexed)\\b");

    @Test
    void areNamedOnlyInOnePackageAndInTheStoreCopy() throws IOException {
        try (var files = Files.walk(SOURCES)) {
            List<String> others = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(LedgerTablesTest::namesATable)
                    .map(file -> SOURCES.relativize(file).toString())
                    .filter(name -> !name.matches("ledger/[A-Za-z]+\\.java"))
                    .toList();
            assertThat(others).containsExactly("store/Copy.java");
        }
    }

    private static boolean namesATable(Path file) {
        try {
            return TABLE.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
