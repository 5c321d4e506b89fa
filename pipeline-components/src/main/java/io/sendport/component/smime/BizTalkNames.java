package io.sendport.component.smime;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The properties of BizTalk's MIME/SMIME encoder under their own names and values, and their Sendport names. They may be used instead of
 * Sendport's attributes, so that the settings of a BizTalk port can be copied unchanged.
 */
final class BizTalkNames {

    private static final Map<String, String> OURS = Map.of(
            "SignatureType", "signature",
            "EnableEncryption", "encrypt",
            "EncryptionAlgorithm", "encryption",
            "AddSigningCertToMessage", "includeCertificates",
            "ValidateCRL", "revocation",
            "ContentTransferEncoding", "",
            "SendBodyPartAsAttachment", "bodyAsAttachment");

    private static final Map<String, Map<String, String>> VALUES = Map.of(
            "SignatureType", Map.of("0", "none", "1", "clear", "2", "opaque"),
            "EnableEncryption", flags("true", "false"),
            "EncryptionAlgorithm",
                    Map.of("0", "3des", "2", "rc2", "3", "aes128-cbc", "4", "aes192-cbc", "5", "aes256-cbc"),
            "AddSigningCertToMessage", flags("signer", "none"),
            "ValidateCRL", flags("hard", "off"),
            "ContentTransferEncoding", Map.of("base64", "", "Base64", ""),
            "SendBodyPartAsAttachment", flags("true", "false"));

    private BizTalkNames() {}

    private static Map<String, String> flags(String yes, String no) {
        return Map.of("true", yes, "True", yes, "1", yes, "-1", yes, "false", no, "False", no, "0", no);
    }

    /** These settings with Sendport's names. Values without a counterpart are left out, and {@link #check} reports them. */
    static Settings translated(Settings settings) {
        Map<String, Setting> translated = new LinkedHashMap<>();
        settings.attributes().forEach((name, setting) -> {
            String own = OURS.get(name);
            if (own == null) {
                translated.put(name, setting);
                return;
            }
            String value = VALUES.getOrDefault(name, Map.of()).get(setting.value());
            if (value != null && !own.isEmpty()) {
                translated.putIfAbsent(own, Setting.plain(value, setting.origin()));
            }
        });
        return new Settings(settings.element(), settings.origin(), translated, settings.children(), settings.content());
    }

    /** Values without a counterpart, and settings that are given twice. */
    static List<Problem> check(Settings settings) {
        List<Problem> problems = new ArrayList<>();
        for (String name : settings.attributes().keySet()) {
            String own = OURS.get(name);
            if (own == null) {
                continue;
            }
            String value = settings.text(name, "");
            if (!own.isEmpty() && settings.has(own)) {
                problems.add(settings.problem(
                        name, "is BizTalk's name for " + own + ", which is also set", "keep only one of them"));
            } else if (!VALUES.getOrDefault(name, Map.of()).containsKey(value)) {
                problems.add(settings.problem(name, "\"" + value + "\" is not a valid value", advice(name, value)));
            }
        }
        return problems;
    }

    private static String advice(String name, String value) {
        if (name.equals("EncryptionAlgorithm") && value.equals("1")) {
            return "single DES can be broken in hours; expected 0 (3DES), 2 (RC2), 3, 4 or 5 (AES)";
        }
        if (name.equals("ContentTransferEncoding")) {
            return "signed or encrypted content is sent as base64; for the parts inside, set contentTransferEncoding on <mime>";
        }
        Set<String> possible = VALUES.getOrDefault(name, Map.of()).keySet();
        return "expected one of " + String.join(", ", possible.stream().sorted().toList());
    }
}
