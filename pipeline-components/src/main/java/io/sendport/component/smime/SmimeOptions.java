package io.sendport.component.smime;

import io.sendport.api.settings.Settings;
import io.sendport.component.smime.cms.ContentCipher;
import io.sendport.component.smime.cms.Signature;
import io.sendport.component.smime.headers.ConfidentialityPolicy;
import io.sendport.component.smime.headers.HeaderProtection;
import io.sendport.component.smime.keys.SmimeException;

/**
 * How {@code <smime>} processes each message, with the profile's defaults filled in.
 *
 * @param profile the source of the defaults
 * @param signature whether and how it is signed
 * @param encrypt whether it is encrypted
 * @param cipher the content encryption algorithm
 * @param oaep RSAES-OAEP instead of PKCS#1 v1.5
 * @param order the order of signing and encryption
 * @param compress whether it is compressed before anything else
 * @param headerProtection RFC 9788
 * @param policy which fields stay readable outside an encrypted header
 * @param legacyDisplay repeats hidden fields in the text, for readers without header protection
 * @param skipMissing leaves out recipients without a certificate
 * @param bodyAsAttachment marks a mail of one part as an attachment
 */
record SmimeOptions(
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

    /** The settings with Sendport's names and the defaults of their profile. */
    static Settings completed(Settings settings) {
        Settings ours = BizTalkNames.translated(settings);
        return Profile.of(ours.text("profile", Profile.OUTLOOK_SAFE.word()))
                .orElse(Profile.OUTLOOK_SAFE)
                .under(ours);
    }

    /**
     * Creates the options from settings that {@link #completed} returned.
     *
     * @throws SmimeException when a value is not known
     */
    static SmimeOptions of(Settings settings) throws SmimeException {
        return new SmimeOptions(
                AllowedValues.required(settings, "profile", "outlook-safe", Profile::of),
                AllowedValues.required(settings, "signature", "none", Signature::of),
                settings.flag("encrypt", false),
                AllowedValues.required(settings, "encryption", "aes256-cbc", ContentCipher::of),
                settings.text("rsaEncryption", "pkcs1").equals("oaep"),
                AllowedValues.required(settings, "order", "sign-encrypt", Order::of),
                settings.flag("compress", false),
                AllowedValues.required(settings, "headerProtection", "off", HeaderProtection::of),
                AllowedValues.required(settings, "headerPolicy", "baseline", ConfidentialityPolicy::of),
                settings.flag("legacyDisplay", true),
                settings.text("missingCertificate", "suspend").equals("skip"),
                settings.flag("bodyAsAttachment", false));
    }

    boolean signs() {
        return signature != Signature.NONE;
    }
}
