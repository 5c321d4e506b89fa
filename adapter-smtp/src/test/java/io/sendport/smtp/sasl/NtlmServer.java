package io.sendport.smtp.sasl;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslServer;

/** The server's side of NTLM, as bytes: challenges of every kind, and a look into the answer ([MS-NLMP] sections 2.2.1.2 and 2.2.1.3). */
public final class NtlmServer {

    /** Unicode, NTLM, always sign, target is a domain, extended session security, target information. */
    public static final int FLAGS = 0x008A8201;

    static final int NT_RESPONSE = 20;
    static final int USER = 36;

    private NtlmServer() {}

    /** Java's own, which lets {@code password} in and takes version 2 alone. */
    public static Callable<SaslServer> inJava(String domain, String password) {
        return () -> Sasl.createSaslServer(
                "NTLM",
                "smtp",
                "localhost",
                Map.of(
                        "com.sun.security.sasl.ntlm.version",
                        "NTLMv2",
                        "com.sun.security.sasl.ntlm.domain",
                        domain.isEmpty() ? "ANY" : domain),
                callbacks -> {
                    for (Callback each : callbacks) {
                        if (each instanceof PasswordCallback asked) {
                            asked.setPassword(password.toCharArray());
                        } else if (each instanceof RealmCallback asked) {
                            asked.setText(domain);
                        } else if (each instanceof NameCallback asked) {
                            asked.setName(asked.getDefaultName());
                        } else if (each instanceof AuthorizeCallback asked) {
                            asked.setAuthorized(true);
                        }
                    }
                });
    }

    /** With target information longer than what breaks Angus's own NTLM. */
    public static String challenge() {
        return Base64.getEncoder().encodeToString(challenge(FLAGS, info(300, false)));
    }

    static byte[] challenge(int flags, byte[] info) {
        byte[] target = "CORP".getBytes(StandardCharsets.UTF_16LE);
        ByteBuffer message =
                ByteBuffer.allocate(48 + target.length + info.length).order(ByteOrder.LITTLE_ENDIAN);
        message.put("NTLMSSP\0".getBytes(StandardCharsets.US_ASCII)).putInt(2);
        message.putShort((short) target.length).putShort((short) target.length).putInt(48);
        message.putInt(flags).put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}).putLong(0);
        message.putShort((short) info.length).putShort((short) info.length).putInt(48 + target.length);
        message.put(target).put(info);
        return message.array();
    }

    static byte[] info(int bytes, boolean timestamp) {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        pair(info, 2, "CORP".getBytes(StandardCharsets.UTF_16LE));
        pair(info, 3, "n".repeat(bytes / 2).getBytes(StandardCharsets.UTF_16LE));
        if (timestamp) {
            pair(info, 7, new byte[] {9, 8, 7, 6, 5, 4, 3, 2});
        }
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

    /** What an authenticate message holds in the field whose place is written at {@code at}. */
    static byte[] field(byte[] message, int at) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        int from = in.getInt(at + 4);
        return Arrays.copyOfRange(message, from, from + in.getShort(at));
    }

    /** Bytes of the NT response in an authenticate message; version 1 has 24. */
    public static int responseLength(String base64) {
        return field(Base64.getDecoder().decode(base64), NT_RESPONSE).length;
    }

    /** The message's letters. */
    public static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1).replace("\0", "");
    }
}
