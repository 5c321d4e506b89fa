package io.sendport.camel;

/** Where a consumer without a position starts. */
public enum StartAt {
    /** At the oldest stored outcome. */
    BEGIN,
    /** At the next new outcome; skips earlier ones. */
    NOW
}
