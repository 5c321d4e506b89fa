package io.sendport.component.smime;

import io.sendport.api.settings.Settings;
import io.sendport.component.smime.cms.ContentCipher;
import io.sendport.component.smime.cms.Signature;
import io.sendport.component.smime.headers.ConfidentialityPolicy;
import io.sendport.component.smime.headers.HeaderProtection;
import io.sendport.component.smime.keys.SmimeException;

/**
 * What is done to each message, the profile's defaults filled in.
 *
 * @param profile where the defaults came from
 * @param signature whether and how it is signed
 * @param encrypt whether it is encrypted
 * @param cipher what with
 * @param oaep RSAES-OAEP instead of PKCS#1 v1.5
 * @param order what is done first
 * @param compress before anything else
 * @param headerProtection RFC 9788
 * @param policy what stays outside of an encrypted header
 * @param legacyDisplay repeats hidden fields in the text, for readers without header protection
 * @param skipMissing leaves out recipients without a certificate
 * @param bodyAsAttachment marks a mail of one part as an attachment
 */
record Recipe(
        Profile profile,
        Signature signature,
        boolean encrypt,
        ContentCipher cipher,
        boolean oaep,
        Order order,
        boolean compress,
        HeaderProtection headerProtection,
        ConfidentialityPolicy policy,
        boolean legacyDisplay,
        boolean skipMissing,
        boolean bodyAsAttachment) {

    /** The settings in our words, with the defaults of their profile. */
    static Settings completed(Settings settings) {
        Settings ours = BizTalkNames.translated(settings);
        return Profile.of(ours.text("profile", Profile.OUTLOOK_SAFE.word()))
                .orElse(Profile.OUTLOOK_SAFE)
                .under(ours);
    }

    /**
     * Of settings that were {@link #completed}.
     *
     * @throws SmimeException when a word is not known
     */
    static Recipe of(Settings settings) throws SmimeException {
        return new Recipe(
                Words.required(settings, "profile", "outlook-safe", Profile::of),
                Words.required(settings, "signature", "none", Signature::of),
                settings.flag("encrypt", false),
                Words.required(settings, "encryption", "aes256-cbc", ContentCipher::of),
                settings.text("rsaEncryption", "pkcs1").equals("oaep"),
                Words.required(settings, "order", "sign-encrypt", Order::of),
                settings.flag("compress", false),
                Words.required(settings, "headerProtection", "off", HeaderProtection::of),
                Words.required(settings, "headerPolicy", "baseline", ConfidentialityPolicy::of),
                settings.flag("legacyDisplay", true),
                settings.text("missingCertificate", "suspend").equals("skip"),
                settings.flag("bodyAsAttachment", false));
    }

    boolean signs() {
        return signature != Signature.NONE;
    }
}
