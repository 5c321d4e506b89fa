package io.sendport.host.box.body;

import io.sendport.config.BodyKeySettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys that encrypt bodies and sealed mails. The file is read when a key is first needed, and again when a body names an unknown
 * key. A process encrypts with the same key until it ends. Safe for use by several threads.
 */
public final class BodyKeys {

    private final Optional<BodyKeySettings> settings;
    private @Nullable Map<String, BodyKey> known;
    private @Nullable BodyKey writing;

    private BodyKeys(Optional<BodyKeySettings> settings) {
        this.settings = settings;
    }

    /** The keys in the file of {@code settings}. Without settings, nothing is encrypted, and encrypted bodies cannot be read. */
    public static BodyKeys of(Optional<BodyKeySettings> settings) {
        return new BodyKeys(settings);
    }

    /**
     * The ids in the order of the file; the last one encrypts. Empty if bodies are stored in clear text.
     *
     * @throws BodyKeyException when the file cannot be read or is malformed
     */
    public List<String> ids() {
        return settings.map(each -> List.copyOf(new BodyKeyFile(each).read().keySet()))
                .orElse(List.of());
    }

    /**
     * Appends a new key to the file; creates the file if it does not exist.
     *
     * @param id 1 to 64 letters, digits, dots, dashes or underscores
     * @throws BodyKeyException when the configuration names no file, the file is not a text file with keys, or it already has the
     *     id
     * @throws IOException when it cannot be written
     */
    public void append(String id) throws IOException {
        new BodyKeyFile(settings.orElseThrow(
                        () -> new BodyKeyException("<messageBox> names no bodyKey: set bodyKey=\"FILE\" first")))
                .append(id);
    }

    /**
     * The key that encrypts newly stored bodies; null if bodies are stored in clear text.
     *
     * @throws BodyKeyException when a key is configured but not available
     */
    @Nullable
    BodyKey writing() {
        return settings.isEmpty() ? null : lastOf(settings.get());
    }

    private synchronized BodyKey lastOf(BodyKeySettings file) {
        BodyKey last = writing;
        if (last == null) {
            for (BodyKey each : loaded(file).values()) {
                last = each;
            }
            if (last == null) {
                throw new IllegalStateException("a key file without keys was not rejected");
            }
            writing = last;
        }
        return last;
    }

    private synchronized Map<String, BodyKey> loaded(BodyKeySettings file) {
        Map<String, BodyKey> all = known;
        if (all == null) {
            all = new BodyKeyFile(file).read();
            known = all;
        }
        return all;
    }

    /**
     * The key {@code id}.
     *
     * @throws BodyKeyException when it is not available
     */
    synchronized BodyKey reading(String id) {
        BodyKeySettings file = settings.orElseThrow(
                () -> new BodyKeyException(
                        "The content is encrypted with key \"" + id
                                + "\", but <messageBox> has no bodyKey. Set bodyKey to the file with this key, then resume the message."));
        BodyKey key = loaded(file).get(id);
        if (key == null) {
            // An operator may have added it since. If the file cannot be read now, the other keys stay known.
            Map<String, BodyKey> reread = new BodyKeyFile(file).read();
            known = reread;
            key = reread.get(id);
        }
        if (key == null) {
            throw new BodyKeyException("The content is encrypted with key \"" + id + "\", which " + file.file()
                    + " does not contain. Add that key to the file again, then resume the message.");
        }
        return key;
    }
}
