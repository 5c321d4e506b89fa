package io.sendport.component.smime;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.component.smime.headers.HeaderProtection;
import io.sendport.component.smime.keys.CertificateDirectory;
import io.sendport.component.smime.keys.CertificateSource;
import io.sendport.component.smime.keys.ExpiryWatch;
import io.sendport.component.smime.keys.SigningKey;
import io.sendport.component.smime.keys.SmimeException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds all problems and risks in the settings of one {@code <smime>}. */
final class SmimeCheck {

    private final Settings given;
    private final Settings settings;
    private final Clock clock;
    private final List<Problem> problems = new ArrayList<>();
    private final List<X509Certificate> known = new ArrayList<>();
    /** Set when all values are known to be valid. */
    private Optional<SmimeOptions> options = Optional.empty();

    SmimeCheck(Settings given, Clock clock) {
        this.given = given;
        this.settings = SmimeOptions.completed(given);
        this.clock = clock;
    }

    /** Checks only the values of the attributes, without reading any file. */
    List<Problem> checkValues() {
        problems.addAll(BizTalkNames.check(given));
        problems.addAll(AllowedValues.check(given));
        for (Settings signer : given.children("signer")) {
            problems.addAll(AllowedValues.check(signer));
        }
        if (!problems.isEmpty()) {
            return problems;
        }
        try {
            SmimeOptions known = SmimeOptions.of(settings);
            combinations(known);
            strength(known);
            options = Optional.of(known);
        } catch (SmimeException e) {
            problems.add(problem("profile", String.valueOf(e.getMessage()), ""));
        }
        return problems;
    }

    List<Problem> problems() {
        checkValues();
        if (options.isEmpty()) {
            return problems;
        }
        Optional<CertificateSource> source = Optional.empty();
        List<SigningKey> keys = options.get().signs() ? keys() : List.of();
        if (options.get().encrypt()) {
            source = source();
            authorities();
            others(keys);
        }
        for (String warning : new ExpiryWatch(known, source, clock).warnings()) {
            problems.add(Problem.warning(given.origin(), "<smime>", warning, "have it renewed in time"));
        }
        return problems;
    }

    private Problem problem(String attribute, String message, String advice) {
        return given.problem(attribute, message, advice);
    }

    private void warn(String attribute, String message, String advice) {
        problems.add(Problem.warning(given.originOf(attribute), "<smime> " + attribute, message, advice));
    }

    private void combinations(SmimeOptions options) {
        if (!options.signs() && !options.encrypt()) {
            problems.add(problem(
                    "signature",
                    "the component neither signs nor encrypts",
                    "set signature=\"clear\" or \"opaque\", or encrypt=\"true\", or leave <smime> out"));
        }
        if (!options.signs() && given.has("signingKey")) {
            warn(
                    "signingKey",
                    "has no effect, because signature is none and nothing is signed",
                    "set signature=\"clear\" or \"opaque\", or leave signingKey out");
        }
        for (String name : List.of(
                "recipientCertificates", "archiveCertificate", "encryptToSender", "missingCertificate", "encryption")) {
            if (!options.encrypt() && given.has(name)) {
                warn(
                        name,
                        "has no effect, because nothing is encrypted",
                        "set encrypt=\"true\", or leave " + name + " out");
            }
        }
        if (!options.signs() && !given.children("signer").isEmpty()) {
            problems.add(Problem.warning(
                    given.children("signer").get(0).origin(),
                    "<signer>",
                    "has no effect, because signature is none and nothing is signed",
                    "set signature=\"clear\" or \"opaque\", or leave <signer> out"));
        }
        if (settings.has("revocationTimeout")
                && settings.duration("revocationTimeout", Duration.ZERO).toMillis() < 1) {
            problems.add(problem("revocationTimeout", "is not positive", "expected a duration such as PT5S"));
        }
        if (options.headerProtection() == HeaderProtection.ENCRYPT && !options.encrypt()) {
            problems.add(problem(
                    "headerProtection",
                    "cannot hide a header without encryption",
                    "set encrypt=\"true\", or leave headerProtection out"));
        }
        if (options.headerProtection() == HeaderProtection.SIGN && !options.signs()) {
            problems.add(problem(
                    "headerProtection",
                    "protects nothing without a signature",
                    "add signature and signingKey, or leave headerProtection out"));
        }
        if (options.headerProtection() == HeaderProtection.SIGN && options.encrypt()) {
            problems.add(problem(
                    "headerProtection",
                    "\"sign\" is only for mails that are not encrypted (RFC 9788 section 2.1.1)",
                    "use \"encrypt\" when the mail is encrypted"));
        }
        if (settings.flag("encryptToSender", false) && !options.signs()) {
            problems.add(problem(
                    "encryptToSender",
                    "needs the sender's key",
                    "add signature and signingKey, or leave encryptToSender out"));
        }
        if (!settings.text("revocation", "off").equals("off")
                && settings.path("trustStore").isEmpty()) {
            problems.add(problem(
                    "revocation",
                    "cannot be checked without knowing the issuers",
                    "add trustStore, or leave revocation out"));
        }
    }

    private void strength(SmimeOptions options) {
        boolean compatible = options.profile() == Profile.BIZTALK_COMPATIBLE;
        boolean forgeable = settings.text("digest", "").equals("sha1")
                || given.children("signer").stream()
                        .anyMatch(signer -> signer.text("digest", "").equals("sha1"));
        if (options.signs() && forgeable) {
            broken("digest", "SHA-1 signatures can be forged", compatible);
        }
        if (options.encrypt() && options.cipher().isBroken()) {
            broken("encryption", options.cipher().word() + " is considered broken today", compatible);
        }
        if (options.encrypt() && settings.path("trustStore").isEmpty()) {
            warn(
                    "trustStore",
                    "is missing, so anyone who can write to the recipients' certificates can add readers",
                    "set it to the authorities that issue the certificates");
        }
    }

    private void broken(String attribute, String what, boolean compatible) {
        if (compatible) {
            warn(attribute, what, "use it only while the partner supports nothing better");
        } else {
            problems.add(problem(attribute, what, "use a stronger algorithm, or profile=\"biztalk-compatible\""));
        }
    }

    private List<SigningKey> keys() {
        if (settings.path("signingKey").isEmpty()) {
            problems.add(problem(
                    "signingKey",
                    "is missing, but the component is set to sign",
                    "set it to a PKCS#12, PEM or PKCS#11 key, or set signature=\"none\""));
            return List.of();
        }
        try {
            List<SigningKey> keys = SmimeFactory.keys(settings, clock);
            for (SigningKey key : keys) {
                key.requireUsable(clock.instant());
                known.add(key.certificate());
            }
            return keys;
        } catch (SmimeException e) {
            problems.add(
                    problem(
                            "signingKey",
                            String.valueOf(e.getMessage()),
                            "use a PKCS#12 or PEM file, or a PKCS#11 token, that has the private key and its certificate, and check its password"));
            return List.of();
        }
    }

    private Optional<CertificateSource> source() {
        String where = settings.text("recipientCertificates", "");
        if (where.isEmpty()) {
            problems.add(problem(
                    "recipientCertificates",
                    "is missing, but the component encrypts",
                    "set it to a folder, a PKCS#12 file or an LDAP address, or set encrypt=\"false\""));
            return Optional.empty();
        }
        if (CertificateDirectory.isDirectory(where)) {
            return directory(where);
        }
        Path path = settings.path("recipientCertificates").orElseThrow();
        if (!Files.exists(path)) {
            problems.add(problem(
                    "recipientCertificates",
                    path + " does not exist",
                    "create this folder with the certificates of the recipients (PEM or DER), or correct the path"));
            return Optional.empty();
        }
        try {
            CertificateSource source = SmimeFactory.source(settings);
            source.all();
            return Optional.of(source);
        } catch (SmimeException e) {
            problems.add(problem(
                    "recipientCertificates", String.valueOf(e.getMessage()), "expected a folder or a PKCS#12 file"));
            return Optional.empty();
        }
    }

    private Optional<CertificateSource> directory(String where) {
        try {
            URI uri = URI.create(where);
            if (uri.getHost() == null) {
                throw new IllegalArgumentException("it does not name a server");
            }
            if (uri.getScheme().equals("ldap")) {
                warn(
                        "recipientCertificates",
                        "the directory is queried in clear text, so the network can replace the certificates",
                        "expected ldaps:// or a trustStore");
            }
        } catch (IllegalArgumentException e) {
            problems.add(problem(
                    "recipientCertificates",
                    "is not a valid LDAP address: " + e.getMessage(),
                    "use ldaps://server/base, or the path of a folder with certificates"));
        }
        return Optional.empty();
    }

    private void authorities() {
        try {
            SmimeFactory.trust(settings).ifPresent(trust -> known.addAll(trust.authorities()));
        } catch (SmimeException e) {
            problems.add(problem(
                    "trustStore", String.valueOf(e.getMessage()), "expected PEM or PKCS#12 with the authorities"));
        }
    }

    private void others(List<SigningKey> keys) {
        try {
            known.addAll(SmimeFactory.others(settings, keys));
        } catch (SmimeException e) {
            String attribute = given.has("archiveCertificate") ? "archiveCertificate" : "encryptToSender";
            problems.add(problem(attribute, String.valueOf(e.getMessage()), "expected a certificate to encrypt to"));
        }
    }
}
