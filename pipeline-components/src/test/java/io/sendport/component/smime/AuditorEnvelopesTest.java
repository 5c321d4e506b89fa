package io.sendport.component.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.audit.AuditorEncryption.Envelope;
import io.sendport.component.smime.keys.Cryptography;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.KeyAgreeRecipientInformation;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditorEnvelopesTest {

    private static final byte[] MAIL =
            "Subject: s\r\n\r\nhello\r\n".repeat(5_000).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private byte[] sealed(Path certificate) throws IOException {
        Envelope envelope = new AuditorEnvelopes().to(certificate);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = envelope.open(bytes)) {
            out.write(MAIL);
        }
        return bytes.toByteArray();
    }

    private Path pem(Pki.Id auditor) throws Exception {
        return Files.writeString(folder.resolve("auditor.pem"), Pki.pem(auditor.certificate()));
    }

    @Test
    void canBeDecryptedOnlyByTheAuditor() throws Exception {
        Pki.Id auditor = Pki.person(Pki.root("CN=Root"), "auditor@corp.example", "RSA2048");
        Path certificate = pem(auditor);
        byte[] sealed = sealed(certificate);
        CMSAuthEnvelopedData data = new CMSAuthEnvelopedData(sealed);
        assertThat(data.getRecipientInfos().getRecipients()).singleElement().satisfies(each -> assertThat(
                        each.getContent(new JceKeyTransAuthEnvelopedRecipient(auditor.key())
                                .setProvider(Cryptography.complete())))
                .isEqualTo(MAIL));
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("hello");
        if (Openssl.isFound()) {
            Path key = Files.writeString(
                    folder.resolve("key.pem"),
                    Pki.pem("PRIVATE KEY", auditor.key().getEncoded()));
            assertThat(Openssl.decrypt(folder, sealed, key, certificate, "-inform", "DER"))
                    .isEqualTo(MAIL);
        }
    }

    @Test
    void detectTampering() throws Exception {
        Pki.Id auditor = Pki.person(Pki.root("CN=Root"), "auditor@corp.example", "RSA2048");
        byte[] sealed = sealed(pem(auditor));
        sealed[sealed.length / 2] ^= 1;
        assertThatThrownBy(() -> new CMSAuthEnvelopedData(sealed)
                        .getRecipientInfos()
                        .getRecipients()
                        .iterator()
                        .next()
                        .getContent(new JceKeyTransAuthEnvelopedRecipient(auditor.key())
                                .setProvider(Cryptography.complete())))
                .isInstanceOf(Exception.class);
    }

    @Test
    void useAReplacedCertificateAndRejectAnInvalidOne() throws Exception {
        Pki.Id root = Pki.root("CN=Root");
        Path certificate = pem(Pki.person(root, "auditor@corp.example", "RSA2048"));
        Envelope envelope = new AuditorEnvelopes().to(certificate);
        Pki.Id other = Pki.person(root, "other@corp.example", "P-256");
        pem(other);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = envelope.open(bytes)) {
            out.write(Arrays.copyOf(MAIL, 10));
        }
        assertThat(new CMSAuthEnvelopedData(bytes.toByteArray())
                        .getRecipientInfos()
                        .getRecipients()
                        .iterator()
                        .next())
                .isInstanceOf(KeyAgreeRecipientInformation.class);
        Files.writeString(certificate, "no certificate");
        assertThatThrownBy(() -> new AuditorEnvelopes().to(certificate))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("auditor.pem");
    }
}
