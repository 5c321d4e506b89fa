package io.sendport.api.settings;

/**
 * One attribute as configured.
 *
 * @param value the text with its placeholders resolved; may be secret
 * @param shown the text for people: the placeholder as written where the value came from outside, a mask for a password
 * @param origin where it was written
 */
public record Setting(String value, String shown, Origin origin) {

    /** A setting that may be shown unchanged. */
    public static Setting plain(String value, Origin origin) {
        return new Setting(value, value, origin);
    }

    @Override
    public String toString() {
        return shown + " (" + origin + ")";
    }
}
