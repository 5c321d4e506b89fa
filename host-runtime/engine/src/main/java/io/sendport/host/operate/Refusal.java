package io.sendport.host.operate;

/** Why an operation was not done. Nothing was changed, unless the text says so. */
public sealed interface Refusal {

    /** What failed, on what, why, and what to do; one line. */
    String text();

    /** Something was named that is not there. */
    record NotFound(String text) implements Refusal {}

    /** A name fits several things. */
    record Ambiguous(String text) implements Refusal {}

    /** What was asked makes no sense, whatever the state of things. */
    record Invalid(String text) implements Refusal {}

    /** It has changed since the caller looked at it. */
    record Changed(String text) implements Refusal {}

    /** What was asked makes sense, and the state of things does not allow it now. */
    record Conflict(String text) implements Refusal {}
}
