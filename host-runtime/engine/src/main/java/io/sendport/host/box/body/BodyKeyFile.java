package io.sendport.host.box.body;

import io.sendport.api.settings.Secret;
import io.sendport.config.BodyKeySettings;
import io.sendport.host.store.OwnerOnly;
import io.sendport.support.Failures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;

/** The file with the keys of bodies: text with one line {@code ID BASE64} for each key, or PKCS#12. The last key encrypts. */
final class BodyKeyFile {

    private static final int MAX_BYTES = 1024 * 1024;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    /** The first byte of every PKCS#12 file, which no text file starts with. */
    private static final byte DER_SEQUENCE = 0x30;

    private static final byte DER_LONG_LENGTH = (byte) 0x82;

    private final BodyKeySettings settings;

    BodyKeyFile(BodyKeySettings settings) {
        this.settings = settings;
    }

    /**
     * The keys by id; the last one encrypts.
     *
     * @throws BodyKeyException when the file cannot be read or is malformed
     */
    Map<String, BodyKey> read() {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(settings.file())) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw wrong("the file does not exist");
        } catch (IOException e) {
            throw wrong("it cannot be read (" + Failures.reason(e)
                    + "). Check that the account of this process may read the file");
        }
        if (bytes.length > MAX_BYTES) {
            throw wrong("it has more than " + MAX_BYTES + " bytes");
        }
        Map<String, BodyKey> keys =
                settings.password().map(password -> pkcs12(bytes, password)).orElseGet(() -> text(bytes));
        if (keys.isEmpty()) {
            throw wrong("it has no key");
        }
        return keys;
    }

    private Map<String, BodyKey> text(byte[] bytes) {
        if (bytes.length > 1 && bytes[0] == DER_SEQUENCE && bytes[1] == DER_LONG_LENGTH) {
            throw wrong("it is a PKCS#12 file, and bodyKeyPassword is missing or empty");
        }
        Map<String, BodyKey> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            String stripped = line.strip();
            if (!stripped.isEmpty() && !stripped.startsWith("#")) {
                add(keys, SPACE.split(stripped), number);
            }
        }
        return keys;
    }

    private void add(Map<String, BodyKey> keys, String[] words, int line) {
        byte[] key = words.length == 2 && ID.matcher(words[0]).matches() ? decoded(words[1]) : new byte[0];
        if (key.length != BodyKey.BYTES) {
            throw wrong("line " + line + " must contain an id and the Base64 text of " + BodyKey.BYTES
                    + " bytes, for example: body-1 and the output of `openssl rand -base64 " + BodyKey.BYTES + "`");
        }
        if (keys.put(words[0], new BodyKey(words[0], key)) != null) {
            throw wrong("line " + line + " repeats the key id \"" + words[0] + "\"");
        }
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // Return no key: the caller reports the line.
            return new byte[0];
        }
    }

    private Map<String, BodyKey> pkcs12(byte[] bytes, Secret password) {
        Map<String, BodyKey> keys = new LinkedHashMap<>();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password.revealChars());
            for (String alias : new TreeSet<>(Collections.list(store.aliases()))) {
                Key key = store.isKeyEntry(alias) ? store.getKey(alias, password.revealChars()) : null;
                if (key instanceof SecretKey && key.getEncoded().length == BodyKey.BYTES) {
                    keys.put(alias, new BodyKey(alias, key.getEncoded()));
                } else {
                    throw wrong("its entry \"" + alias + "\" is not an AES key of " + BodyKey.BYTES + " bytes");
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw wrong("it cannot be opened as a PKCS#12 file with bodyKeyPassword: " + e.getMessage());
        }
        return keys;
    }

    /**
     * Appends a new key. A process that starts later encrypts with it. Replaces the file atomically.
     *
     * @throws BodyKeyException when the file is not a text file with keys, or already has the id
     * @throws IOException when it cannot be written
     */
    void append(String id) throws IOException {
        Path file = Files.exists(settings.file()) ? settings.file().toRealPath() : settings.file();
        if (settings.password().isPresent()) {
            throw wrong("it is a PKCS#12 file, so use keytool: keytool -genseckey -alias " + id
                    + " -keyalg AES -keysize 256 -storetype PKCS12 -keystore " + file);
        }
        if (!ID.matcher(id).matches()) {
            throw wrong("a key id must have 1 to 64 letters, digits, dots, dashes or underscores");
        }
        Path part = file.resolveSibling(file.getFileName() + ".new");
        OutputStream out;
        try {
            // Create the new file before reading the old one, so that only one command at a time changes the keys.
            out = OwnerOnly.newFile(part);
        } catch (FileAlreadyExistsException e) {
            throw wrong(
                    "another command is changing it, or a command was interrupted. If no other command runs, delete "
                            + part + " and try again");
        }
        try (out) {
            out.write(with(id, file).getBytes(StandardCharsets.UTF_8));
            out.close();
            sync(part);
            if (Files.exists(file)) {
                takeOverRights(file, part);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            OwnerOnly.syncFolder(folder);
        }
    }

    private String with(String id, Path file) throws IOException {
        if (!Files.exists(file)) {
            return line(id);
        }
        if (read().containsKey(id)) {
            throw wrong("it already has a key with the id \"" + id + "\"");
        }
        String before = Files.readString(file);
        return before + (before.isEmpty() || before.endsWith("\n") ? "" : "\n") + line(id);
    }

    private static String line(String id) {
        return id + " " + Base64.getEncoder().encodeToString(BodyKey.random(BodyKey.BYTES)) + "\n";
    }

    /** Copies group and permissions, because a service may read the file through its group. */
    private void takeOverRights(Path file, Path part) throws IOException {
        if (!Files.getOwner(part).equals(Files.getOwner(file))) {
            throw wrong("it belongs to " + Files.getOwner(file) + "; run this command as that user");
        }
        PosixFileAttributeView from = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        PosixFileAttributeView to = Files.getFileAttributeView(part, PosixFileAttributeView.class);
        if (from != null && to != null) {
            PosixFileAttributes rights = from.readAttributes();
            to.setGroup(rights.group());
            to.setPermissions(rights.permissions());
        }
    }

    /** Syncs the file: the key must be on disk before anything is encrypted with it. */
    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private BodyKeyException wrong(String why) {
        return new BodyKeyException("Cannot use " + settings.file() + " as body key file: " + why);
    }
}
