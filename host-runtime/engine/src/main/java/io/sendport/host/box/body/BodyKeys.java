package io.sendport.host.box.body;

import io.sendport.config.BodyKeySettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys that encrypt bodies and sealed mails. The file is read when a key is first needed, and again when a body names a key that was
 * not in it. What writes stays the same meanwhile. Safe for use by several threads.
 */
public final class BodyKeys {

    private final Optional<BodyKeySettings> settings;
    private @Nullable Map<String, BodyKey> known;
    private @Nullable BodyKey writing;

    private BodyKeys(Optional<BodyKeySettings> settings) {
        this.settings = settings;
    }

    /** Those that {@code settings} name; without settings nothing is encrypted, and nothing that was can be read. */
    public static BodyKeys of(Optional<BodyKeySettings> settings) {
        return new BodyKeys(settings);
    }

    /**
     * The ids in the order of the file; the last one writes. None where bodies lie in clear text.
     *
     * @throws BodyKeyException when the file cannot be read, or is no such file
     */
    public List<String> ids() {
        return settings.map(each -> List.copyOf(new BodyKeyFile(each).read().keySet()))
                .orElse(List.of());
    }

    /**
     * Appends a new key to the file, and makes the file if it is not there.
     *
     * @param id 1 to 64 letters, digits, dots, dashes or underscores
     * @throws BodyKeyException when the configuration names no file, it is no text file with keys, or it has the id already
     * @throws IOException when it cannot be written
     */
    public void append(String id) throws IOException {
        new BodyKeyFile(settings.orElseThrow(
                        () -> new BodyKeyException("<messageBox> names no bodyKey: set bodyKey=\"FILE\" first")))
                .append(id);
    }

    /**
     * The key that encrypts what is stored from now on; null where bodies lie in clear text.
     *
     * @throws BodyKeyException when there is to be one and it cannot be had
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
                throw new IllegalStateException("a file of keys that has none was not refused");
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
     * @throws BodyKeyException when it cannot be had
     */
    synchronized BodyKey reading(String id) {
        BodyKeySettings file = settings.orElseThrow(
                () -> new BodyKeyException(
                        "The content is encrypted under key \"" + id
                                + "\", and <messageBox> names no bodyKey. Name the file that has this key, then resume the message."));
        BodyKey key = loaded(file).get(id);
        if (key == null) {
            // Somebody may have put it there since. Where the file can't be read now, the others are still known.
            Map<String, BodyKey> again = new BodyKeyFile(file).read();
            known = again;
            key = again.get(id);
        }
        if (key == null) {
            throw new BodyKeyException("The content is encrypted under key \"" + id + "\", which " + file.file()
                    + " does not have. Put that key back into the file, then resume the message.");
        }
        return key;
    }
}
