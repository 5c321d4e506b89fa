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

    /**
     * Returns the end of a sentence that starts with "messages wait because".
     *
     * @param port the port that has this need
     * @param name the words for the port in the sentence, such as "its port"
     */
    public String because(PortView port, String name) {
        return switch (this) {
            case INSTANCE -> "no instance of host " + port.host() + " is running";
            case START -> name + " is " + port.state().word();
            case CONFIGURATION -> "the configuration of " + name + " is not correct";
            case CREDENTIAL -> "the server refused the account of " + name;
            case RELAY -> "the relay accepts no mail from " + name;
            case ORDER -> name + " sends messages in order, and an earlier one is not sent yet";
            case WINDOW -> "the service window of " + name + " is closed";
            case RATE -> name + " has reached its rate limit";
        };
    }

    /** The word for users, in camel case. */
    public String word() {
        return Text.word(this);
    }
}
