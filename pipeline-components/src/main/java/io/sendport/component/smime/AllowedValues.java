package io.sendport.component.smime;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.component.smime.cms.ContentCipher;
import io.sendport.component.smime.keys.SmimeException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The allowed values of attributes, and the problem for any other value. */
final class AllowedValues {

    /** Each attribute with its values. */
    private static final List<Allowed> ALLOWED = List.of(
            new Allowed("profile", List.of("outlook-safe", "rfc8551", "biztalk-compatible")),
            new Allowed("signature", List.of("none", "clear", "opaque")),
            new Allowed("digest", List.of("sha256", "sha384", "sha512", "sha1")),
            new Allowed("rsaSignature", List.of("pkcs1", "pss")),
            new Allowed("rsaEncryption", List.of("pkcs1", "oaep")),
            new Allowed("includeCertificates", List.of("none", "signer", "chain")),
            new Allowed("encryption", ContentCipher.words()),
            new Allowed("order", List.of("sign-encrypt", "encrypt-sign", "triple")),
            new Allowed("missingCertificate", List.of("suspend", "skip")),
            new Allowed("revocation", List.of("off", "soft", "hard")),
            new Allowed("headerProtection", List.of("off", "sign", "encrypt")),
            new Allowed("headerPolicy", List.of("baseline", "shy")));

    private record Allowed(String attribute, List<String> values) {}

    private AllowedValues() {}

    /** A problem for each attribute with an unknown value. */
    static List<Problem> check(Settings settings) {
        return ALLOWED.stream()
                .filter(each -> settings.has(each.attribute()))
                .filter(each -> !each.values()
                        .contains(settings.text(each.attribute(), each.values().get(0))))
                .map(each -> settings.problem(
                        each.attribute(),
                        "\"" + settings.text(each.attribute(), "") + "\" is not known",
                        "expected " + String.join(", ", each.values())))
                .toList();
    }

    static <T> T required(Settings settings, String attribute, String otherwise, Function<String, Optional<T>> known)
            throws SmimeException {
        String value = settings.text(attribute, otherwise);
        return known.apply(value).orElseThrow(() -> new SmimeException(attribute + " \"" + value + "\" is not known"));
    }
}
