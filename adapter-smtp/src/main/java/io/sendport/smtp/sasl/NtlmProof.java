package io.sendport.smtp.sasl;

import io.sendport.api.settings.Identity;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.MD4Digest;

/** The proof that the client knows the password, in version 2 ([MS-NLMP] section 3.3.2). */
final class NtlmProof {

    static final int LM_BYTES = 24;

    private final byte[] lmResponse;
    private final byte[] ntResponse;
    private final byte[] sessionKey;

    private NtlmProof(byte[] lmResponse, byte[] ntResponse, byte[] sessionKey) {
        this.lmResponse = lmResponse;
        this.ntResponse = ntResponse;
        this.sessionKey = sessionKey;
    }

    /** For servers that send no time stamp. */
    byte[] lmResponse() {
        return lmResponse.clone();
    }

    /** The proof, and the data that it covers. */
    byte[] ntResponse() {
        return ntResponse.clone();
    }

    /** The key of the message integrity code. */
    byte[] sessionKey() {
        return sessionKey.clone();
    }

    static NtlmProof of(
            Identity account, byte[] serverNonce, byte[] clientNonce, byte[] timestamp, TargetInfo targetInfo) {
        byte[] key =
                hmac(passwordHash(account.password().reveal()), Ntlm.utf16(upper(account.user()) + account.domain()));
        ByteArrayOutputStream temp = new ByteArrayOutputStream();
        temp.writeBytes(new byte[] {1, 1, 0, 0, 0, 0, 0, 0});
        temp.writeBytes(timestamp);
        temp.writeBytes(clientNonce);
        temp.writeBytes(new byte[4]);
        temp.writeBytes(targetInfo.bytes());
        temp.writeBytes(new byte[4]);
        byte[] proof = hmac(key, serverNonce, temp.toByteArray());
        return new NtlmProof(
                joined(hmac(key, serverNonce, clientNonce), clientNonce),
                joined(proof, temp.toByteArray()),
                hmac(key, proof));
    }

    /** The code over the three messages; the last one has zeroes in place of the code. */
    byte[] code(byte[] negotiate, byte[] challenge, byte[] authenticate) {
        return hmac(sessionKey, negotiate, challenge, authenticate);
    }

    /** Converts character by character, so that a user name keeps its length in upper case. */
    private static String upper(String name) {
        StringBuilder upper = new StringBuilder();
        name.chars().forEach(c -> upper.append(Character.toUpperCase((char) c)));
        return upper.toString();
    }

    private static byte[] passwordHash(String password) {
        byte[] bytes = Ntlm.utf16(password);
        MD4Digest digest = new MD4Digest();
        digest.update(bytes, 0, bytes.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash;
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(key, "HmacMD5"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("NTLM needs HMAC-MD5, which this Java does not have", e);
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
