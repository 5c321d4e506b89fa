package io.sendport.component.smime;

import io.micrometer.core.instrument.MeterRegistry;
import io.sendport.api.component.ComponentFactory;
import io.sendport.api.component.Stage;
import io.sendport.api.host.Expiries;
import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import io.sendport.component.smime.cms.Encrypting;
import io.sendport.component.smime.cms.Signing;
import io.sendport.component.smime.keys.CertificateDirectory;
import io.sendport.component.smime.keys.CertificateFile;
import io.sendport.component.smime.keys.CertificateFolder;
import io.sendport.component.smime.keys.CertificateSource;
import io.sendport.component.smime.keys.CertificateStoreFile;
import io.sendport.component.smime.keys.Cryptography;
import io.sendport.component.smime.keys.ExpiryWatch;
import io.sendport.component.smime.keys.SigningKey;
import io.sendport.component.smime.keys.SmimeException;
import io.sendport.component.smime.trust.CertificateCheck;
import io.sendport.component.smime.trust.OcspClient;
import io.sendport.component.smime.trust.Revocation;
import io.sendport.component.smime.trust.RevocationLists;
import io.sendport.component.smime.trust.TrustStore;
import io.sendport.support.BoundedHttp;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the components of {@code <smime>}. */
public final class SmimeFactory implements ComponentFactory {

    private static final Logger LOG = LoggerFactory.getLogger(SmimeFactory.class);
    private static final Duration REVOCATION_TIMEOUT = Duration.ofSeconds(5);
    private static final long REVOCATION_LIST_BYTES = 8L * 1024 * 1024;

    private final List<ExpiryWatch> watches = new CopyOnWriteArrayList<>();

    @Override
    public String element() {
        return "smime";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.ENCODE);
    }

    @Override
    public String about() {
        return "S/MIME cryptography by " + Cryptography.describe();
    }

    @Override
    public List<Problem> check(Settings settings, HostServices host) {
        return new SmimeCheck(settings, host.clock()).problems();
    }

    @Override
    public SmimeEncoder create(Settings given, HostServices host) throws Exception {
        Settings settings = SmimeOptions.completed(given);
        SmimeOptions options = SmimeOptions.of(settings);
        // A caller that skips the check must not get less protection than it configured.
        Optional<Problem> wrong = new SmimeCheck(given, host.clock())
                .checkValues().stream().filter(Problem::isError).findFirst();
        if (wrong.isPresent()) {
            throw new SmimeException(wrong.get().message() + "; " + wrong.get().advice());
        }
        List<SigningKey> keys = options.signs() ? keys(settings, host.clock()) : List.of();
        Optional<Signing> signing =
                options.signs() ? Optional.of(new Signing(options.signature(), keys, host.clock())) : Optional.empty();
        List<X509Certificate> known = new ArrayList<>();
        for (SigningKey key : keys) {
            known.add(key.certificate());
        }
        Optional<Encrypting> encrypting = Optional.empty();
        Optional<CertificateSource> source = Optional.empty();
        if (options.encrypt()) {
            CertificateSource recipients = source(settings);
            Optional<TrustStore> trust = trust(settings);
            Encrypting.Others others = () -> others(settings, keys);
            trust.ifPresent(each -> known.addAll(each.authorities()));
            known.addAll(others.now());
            source = Optional.of(recipients);
            encrypting = Optional.of(new Encrypting(
                    options.cipher(),
                    options.oaep(),
                    recipients,
                    new CertificateCheck(trust, revocation(settings), options.profile() == Profile.BIZTALK_COMPATIBLE),
                    others,
                    options.skipMissing(),
                    host.clock()));
        }
        ExpiryWatch watch = new ExpiryWatch(known, source, host.clock());
        watches.add(watch);
        host.find(Expiries.class).ifPresent(expiries -> expiries.watch(watch::expiries));
        if (watches.size() == 1) {
            host.find(MeterRegistry.class).ifPresent(registry -> ExpiryWatch.measure(watches, registry, host.host()));
        }
        watch.warnings().forEach(LOG::warn);
        LOG.info("S/MIME cryptography by {}", Cryptography.describe());
        return new SmimeEncoder(options, signing, encrypting);
    }

    /** The port's own key, and those of further signers. */
    static List<SigningKey> keys(Settings settings, Clock clock) throws SmimeException {
        List<SigningKey> keys = new ArrayList<>(List.of(SigningKey.load(settings, clock)));
        for (Settings signer : settings.children("signer")) {
            keys.add(SigningKey.load(signer(signer, settings), clock));
        }
        return keys;
    }

    /** A further signer; absent settings are taken from the first signer. */
    static Settings signer(Settings signer, Settings first) {
        return signer.over(new Settings(
                "signer",
                first.origin(),
                first.without(Set.of("signingKey", "signingKeyPassword", "signingKeyAlias"))
                        .attributes(),
                List.of(),
                ""));
    }

    static CertificateSource source(Settings settings) throws SmimeException {
        String where = settings.text("recipientCertificates")
                .orElseThrow(() -> new SmimeException("recipientCertificates is missing"));
        char[] password = settings.secret("recipientCertificatesPassword")
                .map(Secret::revealChars)
                .orElse(new char[0]);
        if (CertificateDirectory.isDirectory(where)) {
            return new CertificateDirectory(URI.create(where), settings.text("recipientCertificatesUser"), password);
        }
        Path path = settings.path("recipientCertificates").orElseThrow();
        return Files.isDirectory(path) ? new CertificateFolder(path) : new CertificateStoreFile(path, password);
    }

    static Optional<TrustStore> trust(Settings settings) throws SmimeException {
        Optional<Path> file = settings.path("trustStore");
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(new TrustStore(
                        file.get(),
                        settings.secret("trustStorePassword")
                                .map(Secret::revealChars)
                                .orElse(new char[0])));
    }

    private static Revocation revocation(Settings settings) throws SmimeException {
        BoundedHttp http = new BoundedHttp(settings.duration("revocationTimeout", REVOCATION_TIMEOUT));
        return new Revocation(
                AllowedValues.required(settings, "revocation", "off", Revocation.Mode::of),
                new RevocationLists(http, settings.bytes("revocationListSize", REVOCATION_LIST_BYTES)),
                new OcspClient(http));
    }

    /** Certificates that can read every mail: those of the archive and the sender. */
    static List<X509Certificate> others(Settings settings, List<SigningKey> keys) throws SmimeException {
        List<X509Certificate> others = new ArrayList<>();
        Optional<Path> archive = settings.path("archiveCertificate");
        if (archive.isPresent()) {
            others.add(CertificateFile.read(archive.get(), new char[0]).get(0));
        }
        if (settings.flag("encryptToSender", false)) {
            for (SigningKey key : keys) {
                others.add(key.certificate());
            }
        }
        for (X509Certificate each : others) {
            CertificateCheck.requireKey(each);
        }
        return others;
    }
}
