package io.sendport.host.operate;

import io.sendport.host.box.control.Pause;
import io.sendport.support.text.Text;

/** What a port needs before it sends what is due. */
public enum PortNeed {
    /** An instance of its host that runs. */
    INSTANCE,
    /** That somebody starts it. */
    START,
    /** A configuration that is right and complete. */
    CONFIGURATION,
    /** A credential that the server accepts. */
    CREDENTIAL,
    /** A server that takes mail again. */
    RELAY,
    /** The end of a message before it, in a port that keeps the order. */
    ORDER,
    /** Its service window. */
    WINDOW,
    /** Its rate of messages. */
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

    /** As users read it. */
    public String word() {
        return Text.word(this);
    }
}
