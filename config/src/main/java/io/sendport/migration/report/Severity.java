package io.sendport.migration.report;

/** How much a finding asks of its reader. The most severe first. */
public enum Severity {
    /** Something of a mail is lost. */
    ERROR,
    /** A person must supply something. */
    TODO,
    /** Behaviour or safety changes. */
    WARNING,
    /** For the record. */
    INFO
}
