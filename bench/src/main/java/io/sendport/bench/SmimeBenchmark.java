package io.sendport.bench;

import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.Encoder;
import io.sendport.api.host.HostServices;
import io.sendport.api.host.Meters;
import io.sendport.api.host.TemporaryWorkspace;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Workspace;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.component.smime.SmimeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The whole S/MIME stage on 16 KB, base64 and MIME included, as a port runs it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SmimeBenchmark implements HostServices {

    /** What is done. */
    @Param({"sign-rsa2048", "sign-p256", "encrypt-rsa2048", "encrypt-p256"})
    private String work;

    private Encoder encoder;
    private Entity entity;

    /** Makes keys and the encoder. */
    @Setup
    public void prepare() throws Exception {
        Path folder = Files.createTempDirectory("sendport-bench");
        Files.createDirectories(folder.resolve("certs"));
        boolean rsa = work.endsWith("rsa2048");
        KeyPairGenerator generator = KeyPairGenerator.getInstance(rsa ? "RSA" : "EC");
        if (rsa) {
            generator.initialize(2048);
        } else {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        }
        KeyPair keys = generator.generateKeyPair();
        X500Name name = new X500Name("CN=bench");
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.TWO,
                                Date.from(Instant.now().minusSeconds(60)),
                                Date.from(Instant.now().plusSeconds(86_400 * 100)),
                                name,
                                keys.getPublic())
                        .addExtension(
                                Extension.subjectAlternativeName,
                                false,
                                new GeneralNames(new GeneralName(GeneralName.rfc822Name, "b@customer.example")))
                        .build(new JcaContentSignerBuilder(rsa ? "SHA256withRSA" : "SHA256withECDSA")
                                .build(keys.getPrivate())));
        Files.write(folder.resolve("certs/b.der"), certificate.getEncoded());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", keys.getPrivate(), "secret".toCharArray(), new Certificate[] {certificate});
        try (OutputStream out = Files.newOutputStream(folder.resolve("key.p12"))) {
            store.store(out, "secret".toCharArray());
        }
        Map<String, String> attributes = work.startsWith("sign")
                ? Map.of("signature", "clear", "signingKey", "key.p12", "signingKeyPassword", "secret")
                : Map.of("encrypt", "true", "recipientCertificates", "certs");
        Origin origin = new Origin(folder.resolve("sendport.xml"), 1, 1);
        Map<String, Setting> settings = new LinkedHashMap<>();
        attributes.forEach((key, value) -> settings.put(key, Setting.plain(value, origin)));
        encoder = (Encoder) new SmimeFactory().create(new Settings("smime", origin, settings, List.of(), ""), this);
        entity = new Entity(
                HeaderFields.none().plus("Content-Type", "text/plain"),
                Body.of(("x".repeat(70) + "\r\n").repeat(228), StandardCharsets.US_ASCII));
    }

    /** One message. */
    @Benchmark
    public Entity encode() throws Exception {
        return encoder.encode(entity, new Delivery());
    }

    @Override
    public String host() {
        return "Bench";
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public Optional<Identity> identity() {
        return Optional.empty();
    }

    @Override
    public Meters meters() {
        return Meters.NONE;
    }

    @Override
    public Path configurationFolder() {
        return Path.of("").toAbsolutePath();
    }

    @Override
    public TemporaryWorkspace openWorkspace() {
        throw new UnsupportedOperationException("an encoder writes to its scope's workspace");
    }

    @Override
    public <T> Optional<T> find(Class<T> type) {
        return Optional.empty();
    }

    private static final class Delivery implements EncodeScope, Workspace {
        @Override
        public MessageId messageId() {
            return new MessageId("6f0c2b1e-0000-4000-8000-000000000001");
        }

        @Override
        public Instant submittedAt() {
            return Instant.EPOCH;
        }

        @Override
        public Optional<MailAddress> author() {
            return Optional.empty();
        }

        @Override
        public List<MailAddress> recipients() {
            return List.of(MailAddress.parse("b@customer.example"));
        }

        @Override
        public void leaveOut(MailAddress recipient, String why) {
            throw new IllegalStateException(why);
        }

        @Override
        public HeaderFields header() {
            return HeaderFields.none();
        }

        @Override
        public void record(String name, String value) {
            // Nobody keeps it here.
        }

        @Override
        public String port() {
            return "Bench";
        }

        @Override
        public Workspace workspace() {
            return this;
        }

        @Override
        public Body write(Writer writer) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream(32 * 1024);
            writer.writeTo(out);
            return Body.wrapping(out.toByteArray());
        }
    }
}
