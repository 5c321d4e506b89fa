package io.sendport.host.condition;

import io.sendport.support.text.Text;

/** How much a condition matters, least severe first. */
public enum Severity {
    /** For information. It does not change the verdict. */
    INFO(1),
    /** An operator should look at it. */
    ATTENTION(2),
    /** Work waits and is not done, or something is unsafe. */
    FAILING(3);

    private final int number;

    Severity(int number) {
        this.number = number;
    }

    /** Returns the name for users. */
    public String word() {
        return Text.word(this);
    }

    /** Returns the value for metrics: 1, 2 or 3. */
    public int number() {
        return number;
    }
}
