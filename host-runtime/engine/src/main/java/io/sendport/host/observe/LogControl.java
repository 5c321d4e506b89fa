package io.sendport.host.observe;

import io.sendport.host.box.control.LogLevel;
import java.util.Map;

/** Sets the levels of loggers in the logging system of this process. */
public interface LogControl {

    /** The name of the root logger. */
    String ROOT = "root";

    /**
     * Sets the levels of the named loggers. A logger that an earlier call named, and this call does not name, gets the level that it had at
     * the start. Called by one thread at a time.
     *
     * @param levels the levels by logger name, {@link #ROOT} for the root logger; empty restores all loggers
     */
    void apply(Map<String, LogLevel> levels);
}
