package io.sendport.component.smime.cms;

import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.cms.CMSAlgorithm;

/**
 * The algorithm that encrypts the content. GCM is used only in AuthEnvelopedData, because other programs cannot read it inside
 * EnvelopedData.
 */
public enum ContentCipher {
    /** RFC 8551 section 2.7. */
    AES128_CBC("aes128-cbc", CMSAlgorithm.AES128_CBC, CMSAlgorithm.AES128_WRAP),
    /** RFC 3565. */
    AES192_CBC("aes192-cbc", CMSAlgorithm.AES192_CBC, CMSAlgorithm.AES192_WRAP),
    /** RFC 8551 section 2.7. */
    AES256_CBC("aes256-cbc", CMSAlgorithm.AES256_CBC, CMSAlgorithm.AES256_WRAP),
    /** RFC 8551 section 2.7, RFC 5084. */
    AES128_GCM("aes128-gcm", CMSAlgorithm.AES128_GCM, CMSAlgorithm.AES128_WRAP),
    /** RFC 5084. */
    AES192_GCM("aes192-gcm", CMSAlgorithm.AES192_GCM, CMSAlgorithm.AES192_WRAP),
    /** RFC 8551 section 2.7, RFC 5084. */
    AES256_GCM("aes256-gcm", CMSAlgorithm.AES256_GCM, CMSAlgorithm.AES256_WRAP),
    /** Triple DES; for old BizTalk decoders only. */
    TRIPLE_DES("3des", CMSAlgorithm.DES_EDE3_CBC, CMSAlgorithm.AES128_WRAP),
    /** RC2 with 128 bits; for old BizTalk decoders only. */
    RC2("rc2", CMSAlgorithm.RC2_CBC, CMSAlgorithm.AES128_WRAP);

    private final String word;

    @SuppressWarnings("ImmutableEnumChecker") // An object identifier is immutable.
    private final ASN1ObjectIdentifier content;

    @SuppressWarnings("ImmutableEnumChecker") // An object identifier is immutable.
    private final ASN1ObjectIdentifier wrap;

    ContentCipher(String word, ASN1ObjectIdentifier content, ASN1ObjectIdentifier wrap) {
        this.word = word;
        this.content = content;
        this.wrap = wrap;
    }

    public static Optional<ContentCipher> of(String word) {
        return List.of(values()).stream().filter(each -> each.word.equals(word)).findFirst();
    }

    public static List<String> words() {
        return List.of(values()).stream().map(each -> each.word).toList();
    }

    public String word() {
        return word;
    }

    ASN1ObjectIdentifier content() {
        return content;
    }

    /** The algorithm that wraps the content's key for a recipient with key agreement. */
    ASN1ObjectIdentifier wrap() {
        return wrap;
    }

    boolean isAuthenticated() {
        return word.endsWith("-gcm");
    }

    /** Whether only the profile biztalk-compatible may use it. */
    public boolean isBroken() {
        return this == TRIPLE_DES || this == RC2;
    }
}
