package io.sendport.host.observe;

import io.sendport.host.box.control.LogLevel;
import java.util.Map;

/** Sets the levels of loggers in the logging system of this process. */
public interface LogControl {

    /** The name that means the root logger. */
    String ROOT = "root";

    /**
     * Applies exactly these levels. A logger that had a level before and is not named now gets back the level that it had at the start. Called
     * by one thread at a time.
     *
     * @param levels by name of the logger, {@link #ROOT} for the root logger; empty restores all
     */
    void apply(Map<String, LogLevel> levels);
}
