package io.sendport.component.smime;

import io.sendport.api.component.ComponentFactory;
import io.sendport.api.component.HostServices;
import io.sendport.api.component.Stage;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes {@code <smime>}. */
public final class SmimeFactory implements ComponentFactory {

    @Override
    public String element() {
        return "smime";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.ENCODE);
    }

    @Override
    public List<Problem> check(Settings settings, HostServices host) {
        List<Problem> problems = new ArrayList<>();
        Optional<Signature> signature = Signature.of(settings.text("signature", "none"));
        if (signature.isEmpty()) {
            problems.add(settings.problem("signature", "is not known", "expected none, clear or opaque"));
        }
        String include = settings.text("includeCertificates", "chain");
        if (!Set.of("none", "signer", "chain").contains(include)) {
            problems.add(settings.problem(
                    "includeCertificates", "\"" + include + "\" is not known", "expected none, signer or chain"));
        }
        boolean signs = signature.filter(kind -> kind != Signature.NONE).isPresent();
        boolean encrypts = settings.flag("encrypt", false);
        if (!signs && !encrypts) {
            problems.add(settings.problem(
                    "signature", "the component neither signs nor encrypts", "expected signature or encrypt=\"true\""));
        }
        if (!signs && settings.has("signingKey")) {
            problems.add(settings.problem(
                    "signingKey",
                    "is given, but signature is none, so nothing is signed",
                    "expected signature=\"clear\" or \"opaque\""));
        }
        if (!encrypts && settings.has("recipientCertificates")) {
            problems.add(settings.problem(
                    "recipientCertificates", "is given, but nothing is encrypted", "expected encrypt=\"true\""));
        }
        if (signs) {
            checkKey(settings, host, problems);
        }
        if (encrypts) {
            checkFolder(settings, problems);
        }
        return problems;
    }

    private static void checkKey(Settings settings, HostServices host, List<Problem> problems) {
        if (settings.path("signingKey").isEmpty()) {
            problems.add(
                    settings.problem("signingKey", "is missing, but the component signs", "expected a PKCS#12 file"));
            return;
        }
        try {
            SigningKey.load(settings).requireUsable(host.clock().instant());
        } catch (SmimeException e) {
            problems.add(settings.problem(
                    "signingKey", String.valueOf(e.getMessage()), "expected a PKCS#12 file with an RSA key"));
        }
    }

    private static void checkFolder(Settings settings, List<Problem> problems) {
        Optional<java.nio.file.Path> folder = settings.path("recipientCertificates");
        if (folder.isEmpty()) {
            problems.add(settings.problem(
                    "recipientCertificates",
                    "is missing, but the component encrypts",
                    "expected a folder of certificates"));
        } else if (!Files.isDirectory(folder.get())) {
            problems.add(settings.problem(
                    "recipientCertificates", "there is no folder " + folder.get(), "expected PEM or DER files in it"));
        }
    }

    @Override
    public SmimeEncoder create(Settings settings, HostServices host) throws Exception {
        Signature signature = Signature.of(settings.text("signature", "none"))
                .orElseThrow(() -> new SmimeException("signature is not known"));
        Optional<SigningKey> key =
                signature == Signature.NONE ? Optional.empty() : Optional.of(SigningKey.load(settings));
        Optional<CertificateFolder> certificates = settings.flag("encrypt", false)
                ? Optional.of(new CertificateFolder(settings.path("recipientCertificates")
                        .orElseThrow(() -> new SmimeException("recipientCertificates is missing"))))
                : Optional.empty();
        return new SmimeEncoder(signature, key, certificates, host.clock());
    }
}
