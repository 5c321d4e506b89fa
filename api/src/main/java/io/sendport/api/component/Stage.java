package io.sendport.api.component;

/** The stages of a send pipeline, in order, with BizTalk's cardinalities. */
public enum Stage {
    /** Any number of components, message in, message out. */
    PRE_ASSEMBLE("preAssemble"),
    /** At most one: makes the mail of the message. */
    ASSEMBLE("assemble"),
    /** Any number: signs, encrypts or wraps the mail's entity. */
    ENCODE("encode");

    private final String element;

    Stage(String element) {
        this.element = element;
    }

    /** The stage's element in the configuration. */
    public String element() {
        return element;
    }
}
