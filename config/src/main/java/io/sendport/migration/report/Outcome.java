package io.sendport.migration.report;

/** The result of the import for one setting. */
public enum Outcome {
    /** It means the same. */
    EXACT,
    /** It means nearly the same; the finding describes the difference. */
    APPROX,
    /** It is written, but a person must supply something. Until then, {@code validate} refuses the configuration. */
    TODO,
    /** It is not written; the finding gives the reason. */
    REFUSED,
    /** It does not concern mail. */
    SKIPPED
}
