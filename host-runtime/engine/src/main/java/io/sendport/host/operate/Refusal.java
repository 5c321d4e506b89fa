package io.sendport.host.operate;

/** Why an operation was not done. Nothing was changed, unless the text says otherwise. */
public sealed interface Refusal {

    /** What failed, on what, why, and what to do; one line. */
    String text();

    /** The named object does not exist. */
    record NotFound(String text) implements Refusal {}

    /** A name matches several objects. */
    record Ambiguous(String text) implements Refusal {}

    /** The request is invalid in any state. */
    record Invalid(String text) implements Refusal {}

    /** It has changed since the caller read it. */
    record Changed(String text) implements Refusal {}

    /** The request is valid, but the present state does not allow it. */
    record Conflict(String text) implements Refusal {}
}
