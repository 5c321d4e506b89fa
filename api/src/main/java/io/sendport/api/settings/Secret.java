package io.sendport.api.settings;

/**
 * A value that must not be seen. {@link #toString()} masks it, so that it cannot get into a log, an error or a dump. Only {@link #reveal()}
 * returns it, for the code that needs it.
 */
public final class Secret {

    private final String value;

    /** Wraps {@code value}. */
    public Secret(String value) {
        this.value = value;
    }

    /** The value itself. */
    public String reveal() {
        return value;
    }

    /** The value as characters, for APIs that need an array. */
    public char[] revealChars() {
        return value.toCharArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && value.equals(secret.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
