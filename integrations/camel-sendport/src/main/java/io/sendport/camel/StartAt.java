package io.sendport.camel;

/** Where a consumer of outcomes begins that has no position yet. */
public enum StartAt {
    /** At the oldest outcome that retention has kept. */
    BEGIN,
    /** At the outcomes from now on. */
    NOW
}
