package io.sendport.component.dkim;

import io.sendport.component.RsaKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;

/** A key pair as an operator makes it, with the record that the domain publishes. */
public final class DkimKey {

    private final KeyPair pair;

    private DkimKey(KeyPair pair) {
        this.pair = pair;
    }

    /** One of 2048 bits for all tests of a process. Making one takes a second on a slow machine. */
    public static DkimKey shared() {
        return Shared.KEY;
    }

    private static final class Shared {
        static final DkimKey KEY = ofRightLength();

        private static DkimKey ofRightLength() {
            try {
                return make(2048);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static DkimKey make(int bits) throws GeneralSecurityException {
        return new DkimKey(RsaKeys.next(bits));
    }

    /** The DNS record of the public key. */
    public String record() {
        return "v=DKIM1; k=rsa; p="
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    PrivateKey privateKey() {
        return pair.getPrivate();
    }

    byte[] pkcs8() {
        return pair.getPrivate().getEncoded();
    }

    /** The key without the 26 bytes that PKCS#8 puts before it. */
    byte[] pkcs1() {
        byte[] all = pkcs8();
        return Arrays.copyOfRange(all, 26, all.length);
    }

    /** Writes the private key. */
    public Path write(Path file) throws IOException {
        return write(file, "PRIVATE KEY", pkcs8());
    }

    static Path write(Path file, String type, byte[] der) throws IOException {
        return Files.writeString(file, pem(type, der));
    }

    static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }
}
