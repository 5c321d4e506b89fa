package io.sendport.migration.report;

/** What happened to something in a file. */
public enum Outcome {
    /** It means the same. */
    EXACT,
    /** It means nearly the same; the finding describes the difference. */
    APPROX,
    /** It is written, but a person must supply something; until then {@code validate} refuses it. */
    TODO,
    /** It is not written; the finding gives the reason. */
    REFUSED,
    /** It does not concern mail. */
    SKIPPED
}
