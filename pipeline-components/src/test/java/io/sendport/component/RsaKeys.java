package io.sendport.component;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * RSA keys for tests. A key takes seconds to make, so they come from a ring: any eight in a row differ, which is more than a test needs.
 */
public final class RsaKeys {

    private static final int SIZE = 8;

    /** Keys by their bits, the next one first. Guarded by the class. */
    private static final Map<Integer, List<KeyPair>> RINGS = new HashMap<>();

    private RsaKeys() {}

    /** A key that differs from the seven before it. */
    public static synchronized KeyPair next(int bits) throws NoSuchAlgorithmException {
        List<KeyPair> ring = RINGS.computeIfAbsent(bits, key -> new ArrayList<>());
        KeyPair pair = ring.size() < SIZE ? make(bits) : ring.remove(0);
        ring.add(pair);
        return pair;
    }

    private static KeyPair make(int bits) throws NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }
}
