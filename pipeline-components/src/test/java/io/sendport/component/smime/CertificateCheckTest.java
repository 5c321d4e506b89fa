package io.sendport.component.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Body;
import io.sendport.component.smime.keys.CertificateFolder;
import io.sendport.component.smime.keys.NotNowException;
import io.sendport.component.smime.keys.SmimeException;
import io.sendport.testing.Deep;
import io.sendport.testing.Patience;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates that may not be encrypted to, and those who say so: nothing is sent, and the reason tells what to do. */
@Timeout(300)
class CertificateCheckTest {

    private static final String CUSTOMER = "accounts@customer.example";
    private static final Entity PLAIN = new Entity(
            HeaderFields.none().plus("Content-Type", "text/plain"), Body.of("x\r\n", StandardCharsets.US_ASCII));

    @TempDir
    private Path folder;

    private Pki.Id root;
    private Pki.Id issuer;

    @BeforeEach
    void start() throws Exception {
        root = Pki.root("CN=Root");
        issuer = Pki.issue(root, "CN=Issuer", "P-256", Pki.authority());
        Files.createDirectories(folder.resolve("certs"));
        Files.writeString(folder.resolve("trust.pem"), Pki.pem(root.certificate()) + Pki.pem(issuer.certificate()));
    }

    private SmimeEncoder encoder(Clock clock, String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "encrypt",
                "true",
                "recipientCertificates",
                "certs",
                "trustStore",
                "trust.pem",
                "revocationTimeout",
                Patience.LIMIT.toString()));
        all.addAll(List.of(more));
        return new Office(folder, clock).encoder(all.toArray(String[]::new));
    }

    private void encrypt(String... more) throws Exception {
        new Office(folder).encode(encoder(Clock.systemUTC(), more), PLAIN, CUSTOMER);
    }

    static Stream<Arguments> hostile() {
        Duration yesterday = Duration.ofDays(-1);
        Duration year = Duration.ofDays(365);
        Pki.Extra address = Pki.address(CUSTOMER);
        return Stream.of(
                Arguments.of("expired on", "RSA", Duration.ofDays(-20), Duration.ofDays(-2), null, address, null),
                Arguments.of("is valid only from", "RSA", Duration.ofDays(2), year, null, address, null),
                Arguments.of(
                        "key usage lacks keyEncipherment",
                        "RSA",
                        yesterday,
                        year,
                        null,
                        address,
                        Pki.usage(KeyUsage.digitalSignature)),
                Arguments.of(
                        "key usage lacks keyAgreement",
                        "P-256",
                        yesterday,
                        year,
                        null,
                        address,
                        Pki.usage(KeyUsage.digitalSignature)),
                Arguments.of(
                        "lacks emailProtection",
                        "RSA",
                        yesterday,
                        year,
                        null,
                        address,
                        Pki.purpose(KeyPurposeId.id_kp_serverAuth)),
                Arguments.of("has an RSA key of 1024 bits", "RSA1024", yesterday, year, null, address, null),
                Arguments.of("which can be forged", "RSA", yesterday, year, "SHA1withECDSA", address, null),
                Arguments.of("which cannot be used for encryption", "Ed25519", yesterday, year, null, address, null),
                Arguments.of(
                        "no certificate for", "RSA", yesterday, year, null, Pki.address("someone@else.example"), null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void refusesAnUnsuitableCertificateAndNamesTheReason(
            String reason,
            String kind,
            Duration from,
            Duration until,
            String algorithm,
            Pki.Extra address,
            Pki.Extra more)
            throws Exception {
        Pki.Extra[] extras = more == null ? new Pki.Extra[] {address} : new Pki.Extra[] {address, more};
        Pki.make(issuer, "CN=customer", Pki.keys(kind), from, until, algorithm, extras)
                .pem(folder.resolve("certs/customer.pem"));
        for (int i = 0; i < Deep.times(1, 20); i++) {
            assertThatThrownBy(this::encrypt)
                    .isInstanceOf(SmimeException.class)
                    .hasMessageContaining(reason)
                    .hasMessageContaining(CUSTOMER)
                    .hasMessageContaining("resume the message");
        }
        // Mended, the same message goes.
        Pki.person(issuer, CUSTOMER, "RSA").pem(folder.resolve("certs/mended.pem"));
        encrypt();
    }

    @Test
    void refusesASelfSignedCertificate() throws Exception {
        Pki.make(
                        null,
                        "CN=self",
                        Pki.keys("RSA"),
                        Duration.ofDays(-1),
                        Duration.ofDays(30),
                        null,
                        Pki.address(CUSTOMER))
                .pem(folder.resolve("certs/self.pem"));
        assertThatThrownBy(this::encrypt)
                .hasMessageContaining("does not lead to an authority")
                .hasMessageContaining("trust anchor");
    }

    @Test
    void refusesACertificateOutsideTheNameConstraintsOfItsIssuer() throws Exception {
        Pki.Id narrow = Pki.issue(root, "CN=Narrow", "P-256", Pki.authority(), Pki.mailOnlyOf("other.example"));
        Files.writeString(folder.resolve("trust.pem"), Pki.pem(root.certificate()) + Pki.pem(narrow.certificate()));
        Pki.person(narrow, CUSTOMER, "RSA").pem(folder.resolve("certs/customer.pem"));
        assertThatThrownBy(this::encrypt).hasMessageContaining("name constraints");
    }

    @Test
    void findsCertificatesOfNonAsciiAddresses() throws Exception {
        Pki.person(issuer, "jörg@customer.example", "RSA").pem(folder.resolve("certs/joerg.pem"));
        CertificateFolder certificates = new CertificateFolder(folder.resolve("certs"));
        assertThat(certificates.of(io.sendport.api.mail.MailAddress.parse("jörg@customer.example")))
                .hasSize(1);
    }

    @Test
    void readsCertificatesFromAKeystoreFile() throws Exception {
        Pki.person(issuer, CUSTOMER, "RSA").pkcs12(folder.resolve("people.p12"));
        encrypt("recipientCertificates", "people.p12", "recipientCertificatesPassword", "secret");
        assertThatThrownBy(
                        () -> encrypt("recipientCertificates", "people.p12", "recipientCertificatesPassword", "wrong"))
                .hasMessageContaining("cannot be read");
    }

    @Test
    void queriesADirectoryButTrustsOnlyTheAddressInTheCertificate() throws Exception {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=customer,dc=example");
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("test", InetAddress.getLoopbackAddress(), 0, null));
        InMemoryDirectoryServer directory = new InMemoryDirectoryServer(config);
        try {
            directory.add("dn: dc=customer,dc=example", "objectClass: domain", "dc: customer");
            directory.add(person("right", CUSTOMER, Pki.person(issuer, CUSTOMER, "RSA")));
            directory.add(
                    person("wrong", "wrong@customer.example", Pki.person(issuer, "attacker@evil.example", "RSA")));
            directory.startListening();
            String where = "ldap://127.0.0.1:" + directory.getListenPort() + "/dc=customer,dc=example";
            SmimeEncoder encoder = encoder(Clock.systemUTC(), "recipientCertificates", where);
            Office office = new Office(folder);
            office.encode(encoder, PLAIN, CUSTOMER);
            assertThatThrownBy(() -> office.encode(encoder, PLAIN, "wrong@customer.example"))
                    .hasMessageContaining("no certificate for wrong@customer.example");
            for (String injection : List.of("*@customer.example", "a)(mail=*@customer.example")) {
                assertThatThrownBy(() -> office.encode(encoder, PLAIN, injection))
                        .isInstanceOfAny(SmimeException.class, IllegalArgumentException.class);
            }
            directory.shutDown(true);
            assertThatThrownBy(() -> office.encode(encoder, PLAIN, "new@customer.example"))
                    .hasMessageContaining("cannot be queried");
        } finally {
            directory.shutDown(true);
        }
    }

    private static Entry person(String name, String mail, Pki.Id id) throws Exception {
        return new Entry(
                "uid=" + name + ",dc=customer,dc=example",
                new Attribute("objectClass", "inetOrgPerson"),
                new Attribute("uid", name),
                new Attribute("cn", name),
                new Attribute("sn", name),
                new Attribute("mail", mail),
                new Attribute("userCertificate;binary", id.certificate().getEncoded()));
    }

    @Test
    void omitsNoRecipientWhenTheDirectoryIsUnavailable() {
        assertThatThrownBy(() ->
                        encrypt("recipientCertificates", "ldap://127.0.0.1:1/dc=example", "missingCertificate", "skip"))
                .isInstanceOf(NotNowException.class)
                .hasMessageContaining("cannot be queried");
    }
}
