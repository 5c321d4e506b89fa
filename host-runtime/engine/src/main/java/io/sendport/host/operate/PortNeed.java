package io.sendport.host.operate;

import io.sendport.host.box.control.Pause;
import io.sendport.support.text.Text;

/** What a port needs before it sends due messages. */
public enum PortNeed {
    /** A running instance of its host. */
    INSTANCE,
    /** A start by an operator. */
    START,
    /** A correct and complete configuration. */
    CONFIGURATION,
    /** A credential that the server accepts. */
    CREDENTIAL,
    /** A server that accepts mail again. */
    RELAY,
    /** The end of an earlier message, at a port that keeps the order. */
    ORDER,
    /** Its service window. */
    WINDOW,
    /** Its message rate. */
    RATE;

    static PortNeed of(Pause.Kind pause) {
        return switch (pause) {
            case CONFIGURATION -> CONFIGURATION;
            case CREDENTIAL -> CREDENTIAL;
            case RELAY -> RELAY;
            case ORDER -> ORDER;
            case WINDOW -> WINDOW;
            case RATE -> RATE;
        };
    }

    /** The name for users. */
    public String word() {
        return Text.word(this);
    }
}
