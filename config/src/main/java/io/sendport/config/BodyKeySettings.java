package io.sendport.config;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Secret;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The keys that encrypt bodies and sealed mails in the message box.
 *
 * @param file a text file, or a PKCS#12 file
 * @param password of the PKCS#12 file; empty for a text file
 * @param origin where the configuration names the file
 */
public record BodyKeySettings(Path file, Optional<Secret> password, Origin origin) {}
