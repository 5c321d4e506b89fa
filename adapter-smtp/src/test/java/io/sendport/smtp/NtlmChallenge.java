package io.sendport.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** An NTLM challenge with target information, and a look at the answer ([MS-NLMP] sections 2.2.1.2 and 2.2.1.3). */
final class NtlmChallenge {

    private static final int FLAGS = 0x00828201;
    private static final int TARGET_INFO_BYTES = 300;

    private NtlmChallenge() {}

    static String base64() {
        byte[] target = "CORP".getBytes(StandardCharsets.UTF_16LE);
        byte[] info = targetInfo();
        ByteBuffer message =
                ByteBuffer.allocate(48 + target.length + info.length).order(ByteOrder.LITTLE_ENDIAN);
        message.put("NTLMSSP\0".getBytes(StandardCharsets.US_ASCII)).putInt(2);
        message.putShort((short) target.length).putShort((short) target.length).putInt(48);
        message.putInt(FLAGS).put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}).putLong(0);
        message.putShort((short) info.length).putShort((short) info.length).putInt(48 + target.length);
        message.put(target).put(info);
        return Base64.getEncoder().encodeToString(message.array());
    }

    /** Longer than what breaks Angus's own NTLM. */
    private static byte[] targetInfo() {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        pair(info, 2, "CORP".getBytes(StandardCharsets.UTF_16LE));
        pair(info, 3, "n".repeat(TARGET_INFO_BYTES / 2).getBytes(StandardCharsets.UTF_16LE));
        pair(info, 0, new byte[0]);
        return info.toByteArray();
    }

    private static void pair(ByteArrayOutputStream out, int id, byte[] value) {
        out.write(id);
        out.write(0);
        out.write(value.length & 0xFF);
        out.write(value.length >> 8);
        out.writeBytes(value);
    }

    /** Bytes of the NT response in an authenticate message. */
    static int responseLength(String base64) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(base64))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getShort(20);
    }

    static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1).replace("\0", "");
    }
}
