package io.sendport.host.box.body;

import io.sendport.api.settings.Secret;
import io.sendport.config.BodyKeySettings;
import io.sendport.host.store.OwnerOnly;
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

/** The file that has the keys of bodies: text with a line {@code ID BASE64} for each, or PKCS#12. The last key writes. */
final class BodyKeyFile {

    private static final int MOST_BYTES = 1024 * 1024;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    /** Begins every PKCS#12 file and no text. */
    private static final byte DER_SEQUENCE = 0x30;

    private static final byte DER_LONG_LENGTH = (byte) 0x82;

    private final BodyKeySettings settings;

    BodyKeyFile(BodyKeySettings settings) {
        this.settings = settings;
    }

    /**
     * The keys by id; the last one writes.
     *
     * @throws BodyKeyException when the file cannot be read, or is no such file
     */
    Map<String, BodyKey> read() {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(settings.file())) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw wrong("there is no such file");
        } catch (IOException e) {
            throw wrong(e.toString());
        }
        if (bytes.length > MOST_BYTES) {
            throw wrong("it has more than " + MOST_BYTES + " bytes");
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
            throw wrong("it is a PKCS#12 file, and bodyKeyPassword is missing or has no value here");
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
            throw wrong("line " + line + " is not an id and the Base64 text of " + BodyKey.BYTES
                    + " bytes, for example: body-1 and what `openssl rand -base64 " + BodyKey.BYTES + "` prints");
        }
        if (keys.put(words[0], new BodyKey(words[0], key)) != null) {
            throw wrong("line " + line + " has a second key of the id \"" + words[0] + "\"");
        }
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // No key: the caller names the line.
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
                    throw wrong("its entry \"" + alias + "\" is no AES key of " + BodyKey.BYTES + " bytes");
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw wrong("it is no PKCS#12 file that bodyKeyPassword opens: " + e.getMessage());
        }
        return keys;
    }

    /**
     * Appends a new key, which writes from the next start on. The file is replaced whole or stays as it was.
     *
     * @throws BodyKeyException when the file is no text file with keys, or has the id already
     * @throws IOException when it cannot be written
     */
    void append(String id) throws IOException {
        Path file = Files.exists(settings.file()) ? settings.file().toRealPath() : settings.file();
        if (settings.password().isPresent()) {
            throw wrong("it is a PKCS#12 file, so use keytool: keytool -genseckey -alias " + id
                    + " -keyalg AES -keysize 256 -storetype PKCS12 -keystore " + file);
        }
        if (!ID.matcher(id).matches()) {
            throw wrong("the id of a key is 1 to 64 letters, digits, dots, dashes or underscores");
        }
        Path part = file.resolveSibling(file.getFileName() + ".new");
        OutputStream out;
        try {
            // Before anything is read: one command at a time.
            out = OwnerOnly.newFile(part);
        } catch (FileAlreadyExistsException e) {
            throw wrong("another command is changing it, or was cut off: look at " + part);
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
            throw wrong("it has a key of the id \"" + id + "\" already");
        }
        String before = Files.readString(file);
        return before + (before.isEmpty() || before.endsWith("\n") ? "" : "\n") + line(id);
    }

    private static String line(String id) {
        return id + " " + Base64.getEncoder().encodeToString(BodyKey.random(BodyKey.BYTES)) + "\n";
    }

    /** Whoever may read the file may read the one in its place: a service may do so by its group. */
    private void takeOverRights(Path file, Path part) throws IOException {
        if (!Files.getOwner(part).equals(Files.getOwner(file))) {
            throw wrong("it belongs to " + Files.getOwner(file) + ": run this command as that user");
        }
        PosixFileAttributeView from = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        PosixFileAttributeView to = Files.getFileAttributeView(part, PosixFileAttributeView.class);
        if (from != null && to != null) {
            PosixFileAttributes rights = from.readAttributes();
            to.setGroup(rights.group());
            to.setPermissions(rights.permissions());
        }
    }

    /** What it encrypts could never be read again if it were lost. */
    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private BodyKeyException wrong(String why) {
        return new BodyKeyException("Cannot use " + settings.file() + " as file of body keys: " + why);
    }
}
