package io.sendport.host.ledger.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.settings.Secret;
import io.sendport.config.AuditLedgerSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerKeyTest {

    private static final byte[] BYTES = "heads".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private LedgerKey.Source source(String file, boolean isOnToken) {
        return LedgerKey.source(
                folder.resolve("sendport.db"),
                Optional.of(new AuditLedgerSettings(
                        Duration.ofMinutes(5),
                        Optional.empty(),
                        Optional.of(folder.resolve(file)),
                        isOnToken,
                        Optional.of(new Secret("benchmark")),
                        Set.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())));
    }

    private void keytool(String... kind) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "ledger",
                "-dname",
                "CN=Ledger",
                "-storetype",
                "PKCS12",
                "-keystore",
                folder.resolve("key.p12").toString(),
                "-storepass",
                "benchmark",
                "-keyalg"));
        command.addAll(List.of(kind));
        assertThat(new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "EC -groupname secp256r1", "RSA -keysize 2048"})
    void signsWithAKeyFileAndVerifiesWithThePublicKey(String kind) throws Exception {
        keytool(kind.split(" "));
        LedgerKey key = source("key.p12", false).forSigning();
        byte[] signature = key.sign(BYTES);
        Path half = Files.writeString(folder.resolve("public-key.pem"), key.publicPem());
        LedgerKey published = LedgerKey.publicHalf(half).forVerifying();
        assertThat(published.verifies(BYTES, signature)).isTrue();
        assertThat(published.verifies(new byte[] {1}, signature)).isFalse();
        assertThat(published.fingerprint()).isEqualTo(key.fingerprint());
        assertThatThrownBy(() -> published.sign(BYTES)).hasMessageContaining("only the public half");
    }

    @Test
    void saysWhichTokenCanNotBeOpened() throws Exception {
        Files.writeString(folder.resolve("token.cfg"), "name = None\nlibrary = " + folder.resolve("none.so") + "\n");
        assertThatThrownBy(() -> source("token.cfg", true).forSigning())
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("token.cfg");
    }
}
