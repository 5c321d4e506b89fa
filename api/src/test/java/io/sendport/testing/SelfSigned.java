package io.sendport.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Random;

/**
 * A P-256 key and its self-signed certificate (RFC 5280), made in DER by hand. {@code keytool} would take more than a second of processor
 * time in each test process.
 */
record SelfSigned(KeyPair keys, X509Certificate certificate) {

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_ID = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int MAIL_ADDRESS = 0x81;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;
    private static final byte[] ECDSA_WITH_SHA256 = oid("2a8648ce3d040302");
    private static final byte[] COMMON_NAME = oid("550403");
    private static final byte[] SUBJECT_ALT_NAME = oid("551d11");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    /** For {@code CN=server} and the names, written as {@code dns:localhost,ip:127.0.0.1,email:a@b.example}. */
    static SelfSigned of(String names, Instant from, Instant until) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        byte[] algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
        byte[] server = "server".getBytes(StandardCharsets.UTF_8);
        byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, server))));
        byte[] extension = der(SEQUENCE, SUBJECT_ALT_NAME, der(OCTET_STRING, der(SEQUENCE, alternatives(names))));
        byte[] content = der(
                SEQUENCE,
                der(VERSION, der(INTEGER, new byte[] {2})),
                der(INTEGER, serial()),
                algorithm,
                name,
                der(SEQUENCE, time(from), time(until)),
                name,
                keys.getPublic().getEncoded(),
                der(EXTENSIONS, der(SEQUENCE, extension)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(content);
        byte[] certificate = der(SEQUENCE, content, algorithm, der(BIT_STRING, new byte[] {0}, signature.sign()));
        return new SelfSigned(keys, (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate)));
    }

    private static byte[] serial() {
        byte[] serial = new byte[8];
        new Random().nextBytes(serial);
        serial[0] = 1;
        return serial;
    }

    private static byte[] time(Instant at) {
        return der(UTC_TIME, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] alternatives(String names) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String each : names.split(",")) {
            String value = each.substring(each.indexOf(':') + 1);
            byte[] ascii = value.getBytes(StandardCharsets.US_ASCII);
            all.writeBytes(
                    switch (each.substring(0, each.indexOf(':'))) {
                        case "ip" -> der(IP_ADDRESS, address(value));
                        case "email" -> der(MAIL_ADDRESS, ascii);
                        case "dns" -> der(DNS_NAME, ascii);
                        default -> throw new IllegalArgumentException(each);
                    });
        }
        return all.toByteArray();
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    private static byte[] oid(String hex) {
        return der(OBJECT_ID, HexFormat.of().parseHex(hex));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] each : parts) {
            content.writeBytes(each);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = content.size();
        if (length > 0xff) {
            whole.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
        } else if (length > 0x7f) {
            whole.writeBytes(new byte[] {(byte) 0x81, (byte) length});
        } else {
            whole.write(length);
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }
}
