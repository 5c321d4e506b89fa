package io.sendport.host.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.CipherOutputStream;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The spool folder, for data that is too large for memory. Its files can be encrypted with a key that only this process has, in memory, so
 * that they are unreadable after the process ends. Safe for use by several threads.
 */
public final class SpoolPlace {

    private static final int KEY_BYTES = 32;
    private static final int BLOCK_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;
    private final @Nullable SecretKeySpec key;
    private final BodyMemory memory;

    private SpoolPlace(Path folder, @Nullable SecretKeySpec key, BodyMemory memory) {
        this.folder = folder;
        this.key = key;
        this.memory = memory;
    }

    /** Files in {@code folder}, which must exist; encrypted with AES-256-CTR if {@code isEncrypted}. */
    public static SpoolPlace of(Path folder, boolean isEncrypted) {
        return of(folder, isEncrypted, BodyMemory.ofThisProcess());
    }

    static SpoolPlace of(Path folder, boolean isEncrypted, BodyMemory memory) {
        return new SpoolPlace(folder, isEncrypted ? new SecretKeySpec(random(KEY_BYTES), "AES") : null, memory);
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }

    /** The folder, which only this process uses. */
    public Path folder() {
        return folder;
    }

    /** The memory for bodies that are not written to a file. */
    BodyMemory memory() {
        return memory;
    }

    /**
     * The form of a new file. Each file has a different counter, because the same key and counter must never encrypt two texts.
     */
    Form newForm() {
        return new Form(key, random(key == null ? 0 : BLOCK_BYTES));
    }

    /** How one file is written and read. */
    static final class Form {
        private final @Nullable SecretKeySpec key;
        private final byte[] counter;

        private Form(@Nullable SecretKeySpec key, byte[] counter) {
            this.key = key;
            this.counter = counter;
        }

        OutputStream write(Path file) throws IOException {
            OutputStream out = Files.newOutputStream(file);
            return key == null ? out : new CipherOutputStream(out, cipher(Cipher.ENCRYPT_MODE, key));
        }

        InputStream read(Path file) throws IOException {
            InputStream in = Files.newInputStream(file);
            return key == null ? in : new CipherInputStream(in, cipher(Cipher.DECRYPT_MODE, key));
        }

        private Cipher cipher(int mode, SecretKeySpec own) {
            try {
                Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
                cipher.init(mode, own, new IvParameterSpec(counter));
                return cipher;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java runtime has no AES-CTR", e);
            }
        }
    }
}
