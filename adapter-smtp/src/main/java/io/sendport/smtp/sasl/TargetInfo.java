package io.sendport.smtp.sasl;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.security.sasl.SaslException;

/**
 * The information that an NTLM server gives about itself, and that a client extends ([MS-NLMP] section 2.2.2.1).
 *
 * @param pairs values by their id, in the given order
 */
record TargetInfo(Map<Integer, byte[]> pairs) {

    static final TargetInfo NONE = new TargetInfo(Map.of());

    private static final int END = 0;
    private static final int FLAGS = 6;
    private static final int TIMESTAMP = 7;
    private static final int TARGET_NAME = 9;
    private static final int CHANNEL_BINDINGS = 10;
    private static final int HAS_CODE = 2;
    private static final int TIMESTAMP_BYTES = 8;
    private static final long EPOCH_OFFSET_SECONDS = 11_644_473_600L;

    /**
     * Parses the pairs; no bytes give no pairs.
     *
     * @throws SaslException when they are cut off, or not terminated
     */
    static TargetInfo of(byte[] bytes) throws SaslException {
        if (bytes.length == 0) {
            return NONE;
        }
        Map<Integer, byte[]> pairs = new LinkedHashMap<>();
        int at = 0;
        while (at + 4 <= bytes.length) {
            int id = unsigned(bytes, at);
            int length = unsigned(bytes, at + 2);
            if (id == END) {
                return new TargetInfo(pairs);
            }
            if (at + 4 + length > bytes.length) {
                throw NtlmChallenge.malformed("a value of its target information is cut off");
            }
            if (pairs.put(id, Arrays.copyOfRange(bytes, at + 4, at + 4 + length)) != null) {
                throw NtlmChallenge.malformed("its target information contains a value twice");
            }
            at += 4 + length;
        }
        throw NtlmChallenge.malformed("its target information is not terminated");
    }

    private static int unsigned(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
    }

    /** The server's time, if it sent one. */
    Optional<byte[]> timestamp() {
        return Optional.ofNullable(pairs.get(TIMESTAMP)).filter(value -> value.length == TIMESTAMP_BYTES);
    }

    /** The time in units of 100 nanoseconds since 1601. */
    static byte[] fileTime(Instant instant) {
        long ticks = (instant.getEpochSecond() + EPOCH_OFFSET_SECONDS) * 10_000_000L + instant.getNano() / 100;
        return ByteBuffer.allocate(TIMESTAMP_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(ticks)
                .array();
    }

    /** The pairs with the client's additions: that an integrity code follows, the expected server, and the channel. */
    TargetInfo answering(boolean withCode, String service, Optional<byte[]> endPoint) {
        Map<Integer, byte[]> answer = new LinkedHashMap<>(pairs);
        if (withCode) {
            byte[] given = pairs.getOrDefault(FLAGS, new byte[4]);
            byte[] flags = Arrays.copyOf(given, 4);
            flags[0] |= HAS_CODE;
            answer.put(FLAGS, flags);
        }
        if (!pairs.isEmpty()) {
            answer.put(TARGET_NAME, Ntlm.utf16(service));
            endPoint.ifPresent(binding -> answer.put(CHANNEL_BINDINGS, hash(binding)));
        }
        return new TargetInfo(answer);
    }

    /** MD5 of a gss_channel_bindings_struct without addresses (RFC 2744 section 3.11). */
    private static byte[] hash(byte[] binding) {
        ByteBuffer bindings = ByteBuffer.allocate(20 + binding.length).order(ByteOrder.LITTLE_ENDIAN);
        bindings.position(16);
        bindings.putInt(binding.length).put(binding);
        try {
            return MessageDigest.getInstance("MD5").digest(bindings.array());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("NTLM needs MD5, which this Java does not have", e);
        }
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        pairs.forEach((id, value) -> {
            out.write(id & 0xFF);
            out.write(id >> 8);
            out.write(value.length & 0xFF);
            out.write(value.length >> 8);
            out.writeBytes(value);
        });
        out.writeBytes(new byte[4]);
        return out.toByteArray();
    }
}
