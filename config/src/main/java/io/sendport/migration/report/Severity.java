package io.sendport.migration.report;

/** How much attention a finding needs. The most severe first. */
public enum Severity {
    /** A part of a mail is lost. */
    ERROR,
    /** A person must supply something. */
    TODO,
    /** Behavior or safety changes. */
    WARNING,
    /** For the record. */
    INFO
}
