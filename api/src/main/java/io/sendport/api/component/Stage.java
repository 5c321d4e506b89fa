package io.sendport.api.component;

/** The stages of a send pipeline, in order, with BizTalk's cardinalities. */
public enum Stage {
    /** Any number of components; a message goes in and a message comes out. */
    PRE_ASSEMBLE("preAssemble"),
    /** At most one component; makes the mail from the message. */
    ASSEMBLE("assemble"),
    /** Any number of components; they sign, encrypt or wrap the entity of the mail. */
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
