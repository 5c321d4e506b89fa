package io.sendport.smtp.sasl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.security.sasl.SaslException;

/** The challenge of a server ([MS-NLMP] section 2.2.1.2). */
final class NtlmChallenge {

    private static final int MAX_BYTES = 32 * 1024;
    private static final int MIN_BYTES = 32;
    private static final int WITH_INFO_BYTES = 48;
    private static final int TARGET_NAME_AT = 12;
    private static final int TARGET_INFO_AT = 40;

    private final int flags;
    private final byte[] nonce;
    private final TargetInfo targetInfo;

    private NtlmChallenge(int flags, byte[] nonce, TargetInfo targetInfo) {
        this.flags = flags;
        this.nonce = nonce;
        this.targetInfo = targetInfo;
    }

    /** The flags that the server agrees to. */
    int flags() {
        return flags;
    }

    /** The 8-byte nonce of the server. */
    byte[] nonce() {
        return nonce.clone();
    }

    /** The server's information about itself. */
    TargetInfo targetInfo() {
        return targetInfo;
    }

    /**
     * Parses the challenge.
     *
     * @param allowBare whether to answer a server without target information, which probably supports only version 1
     * @throws SaslException when it is malformed, or must not be answered
     */
    static NtlmChallenge of(byte[] message, boolean allowBare) throws SaslException {
        if (message.length < MIN_BYTES || message.length > MAX_BYTES) {
            throw malformed("it has " + message.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        if (!Arrays.equals(message, 0, 8, NtlmMessage.SIGNATURE, 0, 8) || in.getInt(8) != 2) {
            throw malformed("it is not an NTLM challenge");
        }
        int flags = in.getInt(20);
        if ((flags & NtlmMessage.UNICODE) == 0) {
            throw new SaslException(
                    "the server does not support Unicode, which NTLM version 2 requires; set another auth, or ask the"
                            + " server's administrator to correct its NTLM settings");
        }
        boolean hasInfo = (flags & NtlmMessage.TARGET_INFO) != 0;
        int header = hasInfo ? WITH_INFO_BYTES : MIN_BYTES;
        if (message.length < header) {
            throw malformed("its target information is missing");
        }
        requireField(in, TARGET_NAME_AT, header, "its target name");
        TargetInfo info = hasInfo
                ? TargetInfo.of(requireField(in, TARGET_INFO_AT, header, "its target information"))
                : TargetInfo.NONE;
        if (info.pairs().isEmpty() && !allowBare) {
            throw new SaslException(
                    "the server sent no target information, so it probably requires NTLM version 1, which Sendport does not"
                            + " support; set allowBareNtlm=\"true\" to try version 2");
        }
        return new NtlmChallenge(flags, Arrays.copyOfRange(message, 24, 32), info);
    }

    /** The bytes of a field, whose length and offset are stored at {@code at}. */
    private static byte[] requireField(ByteBuffer message, int at, int header, String what) throws SaslException {
        int length = message.getShort(at) & 0xFFFF;
        long from = message.getInt(at + 4) & 0xFFFFFFFFL;
        if (length > 0 && (from < header || from + length > message.capacity())) {
            throw malformed(what + " lies outside the message");
        }
        byte[] field = new byte[length];
        if (length > 0) {
            message.get((int) from, field);
        }
        return field;
    }

    static SaslException malformed(String why) {
        return new SaslException("the server's NTLM challenge is malformed: " + why);
    }
}
