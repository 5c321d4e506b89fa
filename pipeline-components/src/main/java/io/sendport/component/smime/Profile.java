package io.sendport.component.smime;

import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A named set of defaults. Each default can be overridden by its own attribute. */
enum Profile {
    /** Readable by every common mail program: RSA PKCS#1 v1.5, SHA-256, AES-256-CBC. */
    OUTLOOK_SAFE("sha256", "pkcs1", "aes256-cbc", "pkcs1"),
    /**
     * The algorithms that RFC 8551 requires of current programs: RSASSA-PSS, AES-256-GCM, RSAES-OAEP. Outlook cannot read mails encrypted
     * this way.
     */
    RFC8551("sha256", "pss", "aes256-gcm", "oaep"),
    /** Readable by a BizTalk decoder. The only profile that may use algorithms that are broken today. */
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

    /** These settings with this profile's defaults for absent attributes. */
    Settings under(Settings settings) {
        Map<String, Setting> base = new LinkedHashMap<>();
        base.put("digest", Setting.plain(digest, settings.origin()));
        base.put("rsaSignature", Setting.plain(rsaSignature, settings.origin()));
        base.put("encryption", Setting.plain(encryption, settings.origin()));
        base.put("rsaEncryption", Setting.plain(rsaEncryption, settings.origin()));
        return settings.over(new Settings(settings.element(), settings.origin(), base, List.of(), ""));
    }
}
