package io.sendport.host.operate;

/** Why an operation was refused. Nothing was changed, unless the text says otherwise. */
public sealed interface Refusal {

    /** Says in one line what failed, on what, why, and what to do. */
    String text();

    /** The named object does not exist. */
    record NotFound(String text) implements Refusal {}

    /** A name matches several objects. */
    record Ambiguous(String text) implements Refusal {}

    /** The request is invalid in any state. */
    record Invalid(String text) implements Refusal {}

    /** The object has changed since the caller read it. */
    record Changed(String text) implements Refusal {}

    /** The request is valid, but the current state does not allow it. */
    record Conflict(String text) implements Refusal {}
}
