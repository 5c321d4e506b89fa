package io.sendport.component.smime.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the cryptography provider: Amazon's Corretto provider when its native library loads, else the JDK. Bouncy Castle's own provider
 * is used for what neither offers (key agreement by RFC 5753 and RFC 8418, RC2). No provider is registered with the JDK, so nothing else in
 * the process changes.
 */
public final class Cryptography {

    private static final Logger LOG = LoggerFactory.getLogger(Cryptography.class);
    private static final Provider COMPLETE = new BouncyCastleProvider();
    private static final @Nullable Provider FAST = loaded();
    private static final Set<String> UNKNOWN = ConcurrentHashMap.newKeySet();

    private Cryptography() {}

    private static @Nullable Provider loaded() {
        if (Boolean.getBoolean("sendport.jdkCryptography")) {
            return null;
        }
        try {
            Class<?> type = Class.forName("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider");
            Provider provider = (Provider) type.getField("INSTANCE").get(null);
            Throwable failure = (Throwable) type.getMethod("getLoadingError").invoke(provider);
            if (failure != null) {
                LOG.info(
                        "Corretto's native library does not load; using the JDK's cryptography: {}",
                        failure.toString());
                return null;
            }
            return provider;
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.debug("the Corretto provider is not available", e);
            return null;
        }
    }

    /** Bouncy Castle's provider, which has every algorithm. */
    public static Provider complete() {
        return COMPLETE;
    }

    /** The fastest provider that offers {@code algorithm} as a service of {@code type}, such as Signature. */
    public static Provider fastest(String type, String algorithm) {
        Provider fast = FAST;
        if (fast != null && fast.getService(type, algorithm) != null) {
            return fast;
        }
        for (Provider each : Security.getProviders()) {
            if (each.getService(type, algorithm) != null) {
                return each;
            }
        }
        return COMPLETE;
    }

    /** A cipher from the fastest provider that offers it. A provider's list of services does not include modes and paddings. */
    public static Cipher cipher(String transformation) throws GeneralSecurityException {
        Provider fast = FAST;
        if (fast != null && !UNKNOWN.contains(transformation)) {
            try {
                return Cipher.getInstance(transformation, fast);
            } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
                UNKNOWN.add(transformation);
                LOG.debug("the fast provider does not offer {}", transformation, e);
            }
        }
        return Cipher.getInstance(transformation);
    }

    /** A random generator without a lock shared by all threads, when the fast provider offers one. */
    public static SecureRandom random() {
        Provider fast = FAST;
        if (fast != null) {
            for (Provider.Service each : fast.getServices()) {
                if (each.getType().equals("SecureRandom")) {
                    try {
                        return SecureRandom.getInstance(each.getAlgorithm(), fast);
                    } catch (GeneralSecurityException e) {
                        LOG.warn(
                                "the fast cryptography provider offers no random generator, so Sendport uses that of the JDK;"
                                        + " nothing has to be done",
                                e);
                    }
                }
            }
        }
        return new SecureRandom();
    }

    /** The key in the representation of the fastest provider of {@code algorithm}, which avoids a conversion at each use. */
    static PrivateKey converted(PrivateKey key) {
        Provider fast = FAST;
        if (fast == null || key.getEncoded() == null || fast.getService("KeyFactory", key.getAlgorithm()) == null) {
            return key;
        }
        try {
            return (PrivateKey) KeyFactory.getInstance(key.getAlgorithm(), fast).translateKey(key);
        } catch (GeneralSecurityException e) {
            LOG.debug("the fast provider cannot convert a key", e);
            return key;
        }
    }

    /** The provider and its version, for people. */
    public static String describe() {
        Provider fast = FAST;
        return fast == null ? "JDK " + Runtime.version().feature() : fast.getName() + " " + fast.getVersionStr();
    }
}
