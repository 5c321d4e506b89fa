package io.sendport.test;

import java.util.List;
import java.util.Optional;

/** The result of a pipeline for one message. Immutable and thread-safe. */
public final class Rendering {

    private final List<ParsedMail> mails;
    private final Optional<String> suspended;

    private Rendering(List<ParsedMail> mails, Optional<String> suspended) {
        this.mails = List.copyOf(mails);
        this.suspended = suspended;
    }

    static Rendering of(List<ParsedMail> mails) {
        return new Rendering(mails, Optional.empty());
    }

    static Rendering suspended(String why) {
        return new Rendering(List.of(), Optional.of(why));
    }

    /**
     * The mails, one for each delivery; none when a component consumed the message.
     *
     * @throws AssertionError when the message would be suspended
     */
    public List<ParsedMail> mails() {
        suspended.ifPresent(why -> {
            throw new AssertionError(why);
        });
        return mails;
    }

    /**
     * The only mail.
     *
     * @throws AssertionError when the message would be suspended, or does not become exactly one mail
     */
    public ParsedMail mail() {
        if (mails().size() != 1) {
            throw new AssertionError("the pipeline made " + mails.size() + " mails of the message; expected 1");
        }
        return mails.get(0);
    }

    /** Whether a component consumed the message. */
    public boolean isConsumed() {
        return suspended.isEmpty() && mails.isEmpty();
    }

    /**
     * Why the message would be suspended: stage, component and cause.
     *
     * @throws AssertionError when it would not be suspended
     */
    public String suspendedBecause() {
        return suspended.orElseThrow(() -> new AssertionError(
                "the pipeline made " + mails.size() + " mails of the message; expected that the message is suspended"));
    }

    @Override
    public String toString() {
        return suspended.orElseGet(mails::toString);
    }
}
