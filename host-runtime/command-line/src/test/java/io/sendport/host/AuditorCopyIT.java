package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.PersonalData;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.ledger.privacy.Erasure;
import io.sendport.testing.InTurn;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a host keeps for its auditor. */
@Timeout(300)
@InTurn
class AuditorCopyIT {

    @TempDir
    private Path folder;

    private KeyPair auditor;

    @BeforeEach
    void certify() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        auditor = generator.generateKeyPair();
        X500Principal name = new X500Principal("CN=Auditor");
        Instant now = Instant.now();
        byte[] der = new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(Duration.ofDays(1))),
                        name,
                        auditor.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(auditor.getPrivate()))
                .getEncoded();
        Files.writeString(
                folder.resolve("auditor.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                        + "\n-----END CERTIFICATE-----\n");
    }

    private RunningHost host() throws Exception {
        return host(Clock.systemUTC());
    }

    private RunningHost host(Clock clock) throws Exception {
        return RunningHost.start(
                folder,
                "<messageBox url='jdbc:sqlite:var/sendport.db'/><host name='H'>"
                        + "<auditRelay embedded='true' archive='var/relay'/><audit auditorCertificate='auditor.pem'/></host>"
                        + "<sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example' subject='s'/></sendPort>",
                clock);
    }

    private PersonalData personalData(RunningHost host) throws Exception {
        var settings = RunningHost.read(folder, "").configuration().orElseThrow();
        Path place = folder.resolve("var/sendport.db");
        return new PersonalData(
                host.process().box(),
                new Erasure(
                        host.process().box().store(),
                        host.process().box().ledger(),
                        Checkpoints.of(place, Optional.of(settings.auditLedger()))),
                AuditorCopies.of(place, settings.auditLedger()));
    }

    private Path copy(MessageId id) {
        return folder.resolve("var/sendport.db.auditor-copies/" + id.value().substring(0, 2) + "/" + id + ".p7m");
    }

    private static String sha256(byte[] bytes) {
        MessageDigest digest = Hashing.sha256();
        return HexFormat.of().formatHex(digest.digest(bytes));
    }

    private static AuditRecord started(RunningHost host, MessageId id) {
        return host.records(id).stream()
                .filter(each -> each.header("kind").equals("ATTEMPT_STARTED"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isTheSentMailEncryptedForTheAuditorUntilErasure() throws Exception {
        try (RunningHost host = host()) {
            MessageId id = host.submit("P", Body.of("hello", StandardCharsets.UTF_8));
            host.await(id, row -> row.state().isEnd());
            Path copy = copy(id);
            byte[] sealed = Files.readAllBytes(copy);
            AuditRecord started = started(host, id);
            assertThat(started.detail("auditorCopy")).isEqualTo(sha256(sealed));
            byte[] mail = new CMSAuthEnvelopedData(sealed)
                    .getRecipientInfos()
                    .getRecipients()
                    .iterator()
                    .next()
                    .getContent(new JceKeyTransAuthEnvelopedRecipient(auditor.getPrivate())
                            .setProvider(new BouncyCastleProvider()));
            assertThat(sha256(mail)).isEqualTo(started.header("sha256"));

            personalData(host).erase(List.of("b@customer.example"), false, new Actor("jo@pc", "asked"));
            assertThat(copy).doesNotExist();
        }
    }

    @Test
    void remainsWhenTheMessageIsPutOnHoldDuringAnErasure() throws Exception {
        Thread eraser = Thread.currentThread();
        AtomicReference<Runnable> whenTheEraserAsksForTheTime = new AtomicReference<>(() -> {});
        InstantSource clock = () -> {
            if (Thread.currentThread() == eraser) {
                whenTheEraserAsksForTheTime.getAndSet(() -> {}).run();
            }
            return Instant.now();
        };
        try (RunningHost host = host(clock.withZone(ZoneOffset.UTC))) {
            MessageId id = host.submit("P", Body.of("hello", StandardCharsets.UTF_8));
            host.await(id, row -> row.state().isEnd());
            MessageBox box = host.process().box();
            MessageRow row = box.queries().byPrefix(id.value()).get(0);
            whenTheEraserAsksForTheTime.set(
                    () -> box.acts().act(MessageAct.HOLD, row, new Actor("anna@pc", "case 17")));
            personalData(host).erase(List.of("b@customer.example"), false, new Actor("jo@pc", "asked"));
            boolean isOnHold = box.queries().byPrefix(id.value()).stream()
                    .anyMatch(each -> each.hold().isPresent());
            assertThat(Files.exists(copy(id)))
                    .as("the evidence of what is on hold")
                    .isEqualTo(isOnHold);
        }
    }

    @Test
    void delaysTheMessageWhileTheCopyCannotBeStored() throws Exception {
        Path copies = folder.resolve("var/sendport.db.auditor-copies");
        try (RunningHost host = host()) {
            Files.createDirectories(folder.resolve("var"));
            Files.writeString(copies, "in the way");
            MessageId id = host.submit("P", Body.of("hello", StandardCharsets.UTF_8));
            assertThat(host.await(id, row -> row.state().isEnd() || row.dueAt().isAfter(row.submittedAt()))
                            .state())
                    .isNotEqualTo(MessageState.DONE);
            assertThat(folder.resolve("var/relay/1.eml")).doesNotExist();
            Files.delete(copies);
            assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            assertThat(started(host, id).detail("auditorCopy")).isNotEmpty();
        }
    }
}
