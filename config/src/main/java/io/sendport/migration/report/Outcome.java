package io.sendport.migration.report;

/** What became of something in a file. */
public enum Outcome {
    /** It means the same. */
    EXACT,
    /** It means nearly the same; how it differs is told. */
    APPROX,
    /** It is written, and a person must supply something: until then {@code validate} refuses it. */
    TODO,
    /** It is not written, and why is told. */
    REFUSED,
    /** It is no mail. */
    SKIPPED
}
