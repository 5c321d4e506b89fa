package io.sendport.smtp.sasl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The two messages that a client sends ([MS-NLMP] sections 2.2.1.1 and 2.2.1.3). */
final class NtlmMessage {

    static final byte[] SIGNATURE = "NTLMSSP\0".getBytes(StandardCharsets.US_ASCII);

    static final int UNICODE = 0x1;
    static final int NTLM = 0x200;
    static final int EXTENDED_SESSION_SECURITY = 0x80000;
    static final int TARGET_INFO = 0x800000;
    private static final int REQUEST_TARGET = 0x4;
    private static final int ALWAYS_SIGN = 0x8000;
    private static final int VERSION = 0x2000000;
    private static final int BITS_128 = 0x20000000;
    private static final int BITS_56 = 0x80000000;
    private static final int OFFERED = UNICODE
            | REQUEST_TARGET
            | NTLM
            | ALWAYS_SIGN
            | EXTENDED_SESSION_SECURITY
            | TARGET_INFO
            | VERSION
            | BITS_128
            | BITS_56;

    /** Windows 10, NTLM revision 15; a server may check the revision. */
    private static final byte[] WHO = {10, 0, 0, 0, 0, 0, 0, 15};

    private static final int MIC_AT = 72;
    private static final int MIC_BYTES = 16;
    private static final int PAYLOAD_AT = MIC_AT + MIC_BYTES;

    private NtlmMessage() {}

    static byte[] negotiate() {
        return ByteBuffer.allocate(40)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(SIGNATURE)
                .putInt(1)
                .putInt(OFFERED)
                .putLong(0)
                .putLong(0)
                .put(WHO)
                .array();
    }

    /** The message without its integrity code; {@link #sign} inserts it. */
    static byte[] authenticate(
            int offered, byte[] lmResponse, byte[] ntResponse, String domain, String user, String workstation) {
        byte[][] fields = {
            lmResponse, ntResponse, Ntlm.utf16(domain), Ntlm.utf16(user), Ntlm.utf16(workstation), new byte[0]
        };
        int size = PAYLOAD_AT;
        for (byte[] field : fields) {
            size += field.length;
        }
        ByteBuffer message = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        message.put(SIGNATURE).putInt(3);
        int at = PAYLOAD_AT;
        for (byte[] field : fields) {
            message.putShort((short) field.length)
                    .putShort((short) field.length)
                    .putInt(at);
            at += field.length;
        }
        message.putInt(OFFERED & offered).put(WHO).put(new byte[MIC_BYTES]);
        for (byte[] field : fields) {
            message.put(field);
        }
        return message.array();
    }

    static void sign(byte[] authenticate, byte[] code) {
        System.arraycopy(code, 0, authenticate, MIC_AT, MIC_BYTES);
    }
}
