package io.sendport.component.smime;

import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A set of defaults by name. Each can be overridden by its own attribute. */
enum Profile {
    /** What every mail program in use reads: RSA PKCS#1 v1.5, SHA-256, AES-256-CBC. */
    OUTLOOK_SAFE("sha256", "pkcs1", "aes256-cbc", "pkcs1"),
    /** What RFC 8551 wants from today's programs: RSASSA-PSS, AES-256-GCM, RSAES-OAEP. Outlook reads none of the encrypted ones. */
    RFC8551("sha256", "pss", "aes256-gcm", "oaep"),
    /** What a BizTalk decoder reads. Broken by today's measure, and the only profile that may be. */
    BIZTALK_COMPATIBLE("sha1", "pkcs1", "aes128-cbc", "pkcs1");

    private final String digest;
    private final String rsaSignature;
    private final String encryption;
    private final String rsaEncryption;

    Profile(String digest, String rsaSignature, String encryption, String rsaEncryption) {
        this.digest = digest;
        this.rsaSignature = rsaSignature;
        this.encryption = encryption;
        this.rsaEncryption = rsaEncryption;
    }

    /** The word in the configuration. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Profile> of(String word) {
        return List.of(values()).stream()
                .filter(each -> each.word().equals(word))
                .findFirst();
    }

    /** These settings, with this profile's defaults where they say nothing. */
    Settings under(Settings settings) {
        Map<String, Setting> base = new LinkedHashMap<>();
        base.put("digest", Setting.plain(digest, settings.origin()));
        base.put("rsaSignature", Setting.plain(rsaSignature, settings.origin()));
        base.put("encryption", Setting.plain(encryption, settings.origin()));
        base.put("rsaEncryption", Setting.plain(rsaEncryption, settings.origin()));
        return settings.over(new Settings(settings.element(), settings.origin(), base, List.of(), ""));
    }
}
