package io.sendport.host.condition;

import io.sendport.support.text.Text;

/** How much a condition matters. In order, the least first. */
public enum Severity {
    /** Worth knowing. It does not change the verdict. */
    INFO(1),
    /** Somebody should look at it. */
    ATTENTION(2),
    /** Work waits and does not get done, or something is unsafe. */
    FAILING(3);

    private final int number;

    Severity(int number) {
        this.number = number;
    }

    /** As users read it. */
    public String word() {
        return Text.word(this);
    }

    /** For metrics: 1, 2 or 3. */
    public int number() {
        return number;
    }
}
