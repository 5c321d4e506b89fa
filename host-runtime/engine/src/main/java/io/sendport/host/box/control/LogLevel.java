package io.sendport.host.box.control;

/** How much a logger writes, from least to most. */
public enum LogLevel {
    /** Nothing. */
    OFF,
    /** Failures. */
    ERROR,
    /** Failures, and what needs attention. */
    WARN,
    /** Also normal events. */
    INFO,
    /** Also details for finding a fault. */
    DEBUG,
    /** Everything. */
    TRACE;

    /** Whether a logger with this level writes more than normal events. */
    public boolean isVerbose() {
        return compareTo(INFO) > 0;
    }
}
