package io.sendport.component.smime;

import io.sendport.component.RsaKeys;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Authorities, certificates and lists of them, made as tests need them. */
public final class Pki {

    static final char[] PASSWORD = "secret".toCharArray();

    private Pki() {}

    /** A certificate with its key and the certificates above it. */
    public record Id(X509Certificate certificate, PrivateKey key, List<X509Certificate> above) {
        List<X509Certificate> chain() {
            List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
            chain.addAll(above);
            return chain;
        }

        Path pkcs12(Path file) throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", key, PASSWORD, chain().toArray(Certificate[]::new));
            try (OutputStream out = Files.newOutputStream(file)) {
                store.store(out, PASSWORD);
            }
            return file;
        }

        public Path pem(Path file) throws Exception {
            return Files.writeString(file, Pki.pem(certificate));
        }

        Path keyPem(Path file) throws IOException {
            return Files.writeString(file, Pki.pem("PRIVATE KEY", key.getEncoded()));
        }
    }

    /** What stands in a certificate beside its names. */
    @FunctionalInterface
    public interface Extra {
        void add(JcaX509v3CertificateBuilder builder) throws Exception;
    }

    static KeyPair keys(String kind) throws Exception {
        KeyPairGenerator generator;
        if (kind.startsWith("RSA")) {
            return RsaKeys.next(kind.length() > 3 ? Integer.parseInt(kind.substring(3)) : 2048);
        } else if (kind.startsWith("P-")) {
            generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp" + kind.substring(2) + "r1"));
        } else {
            generator = KeyPairGenerator.getInstance(kind);
        }
        return generator.generateKeyPair();
    }

    /** A root authority. */
    public static Id root(String name) throws Exception {
        return make(
                null, name, keys("P-256"), Duration.ofDays(-1), Duration.ofDays(3650), "SHA256withECDSA", authority());
    }

    public static Id issue(Id issuer, String name, String kind, Extra... extras) throws Exception {
        return make(issuer, name, keys(kind), Duration.ofDays(-1), Duration.ofDays(365), null, extras);
    }

    /** For {@code address}, to sign and to encrypt with. */
    public static Id person(Id issuer, String address, String kind, Extra... more) throws Exception {
        List<Extra> extras = new ArrayList<>(List.of(address(address)));
        extras.addAll(Arrays.asList(more));
        return issue(issuer, "CN=" + address.replaceAll("[^a-z0-9.@-]", "_"), kind, extras.toArray(Extra[]::new));
    }

    static Id make(
            Id issuer, String name, KeyPair keys, Duration from, Duration until, String algorithm, Extra... extras)
            throws Exception {
        X500Name subject = new X500Name(name);
        PrivateKey signing = issuer == null ? keys.getPrivate() : issuer.key();
        X500Name by = issuer == null
                ? subject
                : X500Name.getInstance(
                        issuer.certificate().getSubjectX500Principal().getEncoded());
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                by, serial(), Date.from(now.plus(from)), Date.from(now.plus(until)), subject, keys.getPublic());
        PublicKey above =
                issuer == null ? keys.getPublic() : issuer.certificate().getPublicKey();
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(keys.getPublic()));
        builder.addExtension(Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(above));
        for (Extra extra : extras) {
            extra.add(builder);
        }
        X509Certificate certificate =
                new JcaX509CertificateConverter().getCertificate(builder.build(signer(signing, algorithm)));
        return new Id(certificate, keys.getPrivate(), issuer == null ? List.of() : issuer.chain());
    }

    private static BigInteger serial() {
        return new BigInteger(64, new SecureRandom()).setBit(63);
    }

    public static ContentSigner signer(PrivateKey key, String algorithm) throws Exception {
        String standard = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        return new JcaContentSignerBuilder(algorithm == null ? standard : algorithm).build(key);
    }

    public static Extra authority() {
        return builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        };
    }

    static Extra usage(int bits) {
        return builder -> builder.addExtension(Extension.keyUsage, true, new KeyUsage(bits));
    }

    public static Extra purpose(KeyPurposeId... purposes) {
        return builder -> builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    }

    static Extra address(String address) {
        boolean ascii = address.chars().allMatch(c -> c < 128);
        GeneralName name = ascii
                ? new GeneralName(GeneralName.rfc822Name, address)
                : new GeneralName(
                        GeneralName.otherName,
                        new OtherName(new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.9"), new DERUTF8String(address)));
        return builder -> builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
    }

    static Extra mailOnlyOf(String domain) {
        return builder -> builder.addExtension(
                Extension.nameConstraints,
                true,
                new NameConstraints(
                        new GeneralSubtree[] {new GeneralSubtree(new GeneralName(GeneralName.rfc822Name, domain))},
                        null));
    }

    public static Extra list(String address) {
        GeneralNames names = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, address));
        return builder ->
                builder.addExtension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                    new DistributionPoint(new DistributionPointName(names), null, null)
                }));
    }

    public static Extra responder(String address) {
        return builder -> builder.addExtension(
                Extension.authorityInfoAccess,
                false,
                new AuthorityInformationAccess(
                        AccessDescription.id_ad_ocsp, new GeneralName(GeneralName.uniformResourceIdentifier, address)));
    }

    public static byte[] revocationList(Id authority, Instant from, Instant until, Map<BigInteger, Instant> revoked)
            throws Exception {
        JcaX509v2CRLBuilder builder =
                new JcaX509v2CRLBuilder(authority.certificate().getSubjectX500Principal(), Date.from(from));
        builder.setNextUpdate(Date.from(until));
        revoked.forEach((serial, at) -> builder.addCRLEntry(serial, Date.from(at), CRLReason.keyCompromise));
        return builder.build(signer(authority.key(), null)).getEncoded();
    }

    public static String pem(X509Certificate certificate) throws Exception {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }
}
