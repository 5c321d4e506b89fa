package io.sendport.host.box.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Secret;
import io.sendport.config.BodyKeySettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyKeyFileTest {

    private static final String GOOD = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("body.keys");
    }

    private BodyKeys keys(String password) {
        return BodyKeys.of(Optional.of(new BodyKeySettings(
                file,
                password.isEmpty() ? Optional.empty() : Optional.of(new Secret(password)),
                new Origin(Path.of("sendport.xml"), 1, 1))));
    }

    @Test
    void readsOneKeyPerLineAndWritesWithTheLast() throws Exception {
        Files.writeString(file, "# body keys\r\n\n  b.2 " + GOOD + "\r\na-1\t" + GOOD);
        assertThat(keys("").ids()).containsExactly("b.2", "a-1");
        assertThat(keys("").writing()).hasToString("key a-1");
    }

    @ParameterizedTest
    @CsvSource({
        "'', it has no key",
        "'# none', it has no key",
        "'k1', line 1",
        "'# one\nk1 SGVsbG8=', line 2",
        "'k1 no+base64!', line 1",
        "'k1 GOOD more', line 1",
        "'k/1 GOOD', line 1",
        "'k1 GOOD\nk1 GOOD', line 2 repeats the key id"
    })
    void reportsAnInvalidFileWithoutQuotingItsContent(String text, String fault) throws Exception {
        Files.writeString(file, text.replace("GOOD", GOOD));
        assertThatThrownBy(() -> keys("").ids())
                .isInstanceOf(BodyKeyException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(fault)
                .hasMessageNotContaining("SGVsbG8")
                .hasMessageNotContaining("base64!")
                .hasMessageNotContaining(GOOD);
    }

    @Test
    void isRefusedWhenItIsNotThereOrTooLarge() throws Exception {
        assertThatThrownBy(() -> keys("").ids()).hasMessageContaining("does not exist");
        Files.writeString(file, "# \n".repeat(400_000));
        assertThatThrownBy(() -> keys("").ids()).hasMessageContaining("more than 1048576 bytes");
    }

    private void pkcs12(String password, int bytes, String... aliases) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (String alias : aliases) {
            store.setKeyEntry(alias, new SecretKeySpec(new byte[bytes], "AES"), password.toCharArray(), null);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
    }

    @Test
    void writesWithThePkcs12AliasThatSortsLast() throws Exception {
        pkcs12("open-sesame", 32, "body-2", "body-1");
        assertThat(keys("open-sesame").ids()).containsExactly("body-1", "body-2");
        assertThat(keys("open-sesame").writing()).hasToString("key body-2");
        assertThatThrownBy(() -> keys("wrong").ids())
                .isInstanceOf(BodyKeyException.class)
                .hasMessageContaining("bodyKeyPassword")
                .hasMessageNotContaining("open-sesame");
        assertThatThrownBy(() -> keys("").ids()).hasMessageContaining("bodyKeyPassword is missing");
        assertThatThrownBy(() -> keys("open-sesame").append("body-3"))
                .isInstanceOf(BodyKeyException.class)
                .hasMessageContaining("keytool -genseckey -alias body-3");
    }

    @Test
    void isRefusedWhenAPkcs12KeyHasTheWrongSize() throws Exception {
        pkcs12("open-sesame", 16, "body-1");
        assertThatThrownBy(() -> keys("open-sesame").ids())
                .hasMessageContaining("\"body-1\" is not an AES key of 32 bytes");
    }

    @Test
    void isReadableByItsOwnerOnlyAndAppendsNewKeys() throws IOException {
        keys("").append("k1");
        String first = Files.readString(file);
        Files.writeString(file, "# ours\n" + first.strip());
        keys("").append("k2");

        assertThat(Files.readString(file)).startsWith("# ours\n" + first + "k2 ");
        assertThat(keys("").ids()).containsExactly("k1", "k2");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (var files = Files.list(folder)) {
            assertThat(files.toList()).isEqualTo(List.of(file));
        }
        List<String> words = Files.readString(file)
                .lines()
                .skip(1)
                .map(line -> line.split(" ")[1])
                .toList();
        assertThat(words).doesNotHaveDuplicates();
    }

    @Test
    void staysUnchangedWhenAnIdIsTakenOrInvalid() throws IOException {
        keys("").append("k1");
        String before = Files.readString(file);
        for (String id : List.of("k1", "k 2", "", "x".repeat(65))) {
            assertThatThrownBy(() -> keys("").append(id)).isInstanceOf(BodyKeyException.class);
        }
        Files.createFile(folder.resolve("body.keys.new"));
        assertThatThrownBy(() -> keys("").append("k2")).hasMessageContaining("body.keys.new");
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(folder.resolve("body.keys.new")).exists();
    }

    @Test
    void isNotCreatedWhenTheConfigurationNamesNone() {
        assertThatThrownBy(() -> BodyKeys.of(Optional.empty()).append("k1"))
                .isInstanceOf(BodyKeyException.class)
                .hasMessageContaining("bodyKey=\"FILE\"");
    }
}
