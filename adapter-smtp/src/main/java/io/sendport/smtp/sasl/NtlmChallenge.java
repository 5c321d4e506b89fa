package io.sendport.smtp.sasl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.security.sasl.SaslException;

/** What a server asks ([MS-NLMP] section 2.2.1.2). */
final class NtlmChallenge {

    private static final int MOST_BYTES = 32 * 1024;
    private static final int LEAST_BYTES = 32;
    private static final int WITH_INFO_BYTES = 48;

    private final int flags;
    private final byte[] nonce;
    private final TargetInfo targetInfo;

    private NtlmChallenge(int flags, byte[] nonce, TargetInfo targetInfo) {
        this.flags = flags;
        this.nonce = nonce;
        this.targetInfo = targetInfo;
    }

    /** What the server agrees to. */
    int flags() {
        return flags;
    }

    /** 8 bytes of the server's own. */
    byte[] nonce() {
        return nonce.clone();
    }

    /** What the server says of itself. */
    TargetInfo targetInfo() {
        return targetInfo;
    }

    /**
     * Reads it.
     *
     * @throws SaslException when it is malformed, or a server asks that seems to understand version 1 alone
     */
    static NtlmChallenge of(byte[] message, boolean allowBare) throws SaslException {
        if (message.length < LEAST_BYTES || message.length > MOST_BYTES) {
            throw malformed("it has " + message.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        if (!Arrays.equals(message, 0, 8, NtlmMessage.SIGNATURE, 0, 8) || in.getInt(8) != 2) {
            throw malformed("it is no NTLM challenge");
        }
        int flags = in.getInt(20);
        if ((flags & NtlmMessage.UNICODE) == 0) {
            throw new SaslException("the server does not speak Unicode; NTLM version 2 can't be answered");
        }
        byte[] nonce = Arrays.copyOfRange(message, 24, 32);
        boolean hasInfo = (flags & NtlmMessage.TARGET_INFO) != 0;
        if (!hasInfo && !allowBare && (flags & NtlmMessage.EXTENDED_SESSION_SECURITY) == 0) {
            throw new SaslException(
                    "the server would need NTLM version 1, which is never sent; allowBareNtlm answers it in version 2");
        }
        if (!hasInfo) {
            return new NtlmChallenge(flags, nonce, TargetInfo.NONE);
        }
        if (message.length < WITH_INFO_BYTES) {
            throw malformed("its target information is missing");
        }
        int length = in.getShort(40) & 0xFFFF;
        long at = in.getInt(44) & 0xFFFFFFFFL;
        if (length > 0 && (at < WITH_INFO_BYTES || at + length > message.length)) {
            throw malformed("its target information lies outside of it");
        }
        return new NtlmChallenge(
                flags,
                nonce,
                length == 0
                        ? TargetInfo.NONE
                        : TargetInfo.of(Arrays.copyOfRange(message, (int) at, (int) at + length)));
    }

    static SaslException malformed(String why) {
        return new SaslException("the server's NTLM challenge is malformed: " + why);
    }
}
