package io.sendport.config.read;

import io.sendport.api.settings.Setting;
import java.util.Map;
import java.util.regex.Pattern;

/** Which attributes are secret by their names. Their values are never shown. */
final class SecretNames {

    private static final Pattern SECRET = Pattern.compile("(?i)password|secret|token(?!Endpoint)");

    private SecretNames() {}

    /** Whether {@code attribute} is secret, or is the value of a property with a secret name. */
    static boolean isSecret(String attribute, Map<String, Setting> attributes) {
        Setting name = attributes.get("name");
        return isSecret(attribute) || (attribute.equals("value") && name != null && isSecret(name.value()));
    }

    /** Whether a value with that name is secret. */
    static boolean isSecret(String name) {
        return SECRET.matcher(name).find();
    }
}
