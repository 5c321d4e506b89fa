package io.sendport.component.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.testing.Skipped;
import io.sendport.testing.Tool;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RsaKeyTest {

    private static final char[] NONE = {};

    private static DkimKey key;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeKey() throws Exception {
        key = DkimKey.shared();
    }

    private void requireRefused(String text, char[] password, String... why) throws Exception {
        Path file = Files.writeString(folder.resolve("dkim.pem"), text);
        assertThatThrownBy(() -> RsaKey.read(file, password))
                .isInstanceOf(DkimException.class)
                .hasMessageContainingAll(why)
                .hasMessageContaining("dkim.pem");
    }

    @Test
    void readsBothFormsOfAKeyThatIsNotEncrypted() throws Exception {
        assertThat("v=DKIM1; k=rsa; p="
                        + RsaKey.read(key.write(folder.resolve("8.pem")), NONE).published())
                .isEqualTo(key.record());
        Path old = DkimKey.write(folder.resolve("1.pem"), "RSA PRIVATE KEY", key.pkcs1());
        assertThat("v=DKIM1; k=rsa; p=" + RsaKey.read(old, NONE).published()).isEqualTo(key.record());
        assertThat(RsaKey.read(old, NONE)).hasToString("RsaKey[2048 bits]");
    }

    @Test
    void decryptsAKeyWithItsPassword() throws Exception {
        for (ASN1ObjectIdentifier method : List.of(
                NISTObjectIdentifiers.id_aes256_CBC,
                NISTObjectIdentifiers.id_aes128_CBC,
                PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC)) {
            StringWriter written = new StringWriter();
            try (JcaPEMWriter writer = new JcaPEMWriter(written)) {
                writer.writeObject(new JcaPKCS8Generator(
                        key.privateKey(),
                        new JceOpenSSLPKCS8EncryptorBuilder(method)
                                .setProvider(new BouncyCastleProvider())
                                .setPRF(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256))
                                .setPassword("geheim".toCharArray())
                                .build()));
            }
            requireReadWithPassword(written.toString());
        }
    }

    /** The commands of the page make a key, and print what doctor asks for. */
    @Test
    void readsTheKeyMadeByTheDocumentedCommands() throws Exception {
        if (!Tool.answers("openssl", "version")) {
            Skipped.note("openssl is not installed, the commands of docs/dkim.md were not run");
            return;
        }
        String commands = Files.readString(Path.of("../docs/dkim.md"))
                .lines()
                .filter(line -> line.matches(" {4}(mkdir|openssl|chmod) .*"))
                .map(String::strip)
                .collect(Collectors.joining(" && "));
        assertThat(commands).contains("genpkey", "base64 -A");
        Process shell = new ProcessBuilder("sh", "-c", commands)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        assertThat(RsaKey.read(folder.resolve("config/keys/dkim.pem"), NONE).published())
                .isEqualTo(printed);
    }

    private void requireReadWithPassword(String pem) throws Exception {
        assertThat(pem).contains("BEGIN ENCRYPTED PRIVATE KEY");
        Path file = Files.writeString(folder.resolve("dkim.pem"), pem);
        assertThat(key.record())
                .endsWith(RsaKey.read(file, "geheim".toCharArray()).published());
        requireRefused(pem, "falsch".toCharArray(), "cannot be decrypted with signingKeyPassword");
        requireRefused(pem, NONE, "is encrypted; set signingKeyPassword");
    }

    @Test
    void refusesAShortKey() throws Exception {
        requireRefused(
                DkimKey.pem("PRIVATE KEY", DkimKey.make(1024).pkcs8()), NONE, "1024 bits", "expected at least 2048");
    }

    @Test
    void refusesALongKey() throws Exception {
        BigInteger modulus = BigInteger.ONE.shiftLeft(5000).add(BigInteger.ONE);
        BigInteger three = BigInteger.valueOf(3);
        byte[] der = KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(modulus, three, three, three, three, three, three, three))
                .getEncoded();
        requireRefused(DkimKey.pem("PRIVATE KEY", der), NONE, "5001 bits", "expected at most 4096");
    }

    @Test
    void refusesAKeyOfAnotherKindAndSaysWhich() throws Exception {
        byte[] edwards = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        requireRefused(DkimKey.pem("PRIVATE KEY", edwards), NONE, "an Ed25519 key", "expected an RSA key", "RFC 8463");
        byte[] curve = KeyPairGenerator.getInstance("EC")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        requireRefused(DkimKey.pem("PRIVATE KEY", curve), NONE, "a key of type EC", "expected an RSA key");
        requireRefused(DkimKey.pem("EC PRIVATE KEY", curve), NONE, "a key of type EC PRIVATE KEY");
    }

    @Test
    void refusesAFileWithoutExactlyOneKey() throws Exception {
        requireRefused("hello", NONE, "0 private keys");
        requireRefused(DkimKey.pem("PUBLIC KEY", new byte[9]), NONE, "0 private keys");
        String pem = DkimKey.pem("PRIVATE KEY", key.pkcs8());
        requireRefused(pem + pem, NONE, "2 private keys");
        requireRefused(DkimKey.pem("PRIVATE KEY", new byte[99]), NONE, "cannot be read");
        requireRefused(
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
                NONE,
                "openssl pkcs8 -topk8");
        requireRefused("x".repeat(70_000), NONE, "larger than a key file");
        assertThatThrownBy(() -> RsaKey.read(folder.resolve("missing.pem"), NONE))
                .hasMessageContaining("missing.pem cannot be opened: the file does not exist");
    }
}
