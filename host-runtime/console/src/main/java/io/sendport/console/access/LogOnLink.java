package io.sendport.console.access;

import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Sessions;
import io.sendport.host.operate.Operations;
import java.util.List;
import java.util.stream.Collectors;

/** A link that logs a browser on. It works once, within {@link Sessions#LINK}. */
public final class LogOnLink {

    private LogOnLink() {}

    /**
     * Creates a link and records it on the ledger.
     *
     * @param console the address of the console
     * @param actor the person who creates the link; the session gets their name
     * @param grants the rights of the session
     * @return the link, with the secret after {@code #}; browsers never send this part to a server
     */
    public static String make(Operations operations, String console, Actor actor, List<Grant> grants) {
        String text = grants.stream().map(Grant::toString).collect(Collectors.joining(","));
        String secret = Token.newSecret();
        operations.accessLog().access(actor, "a log-on link was created with " + text);
        operations.sessions().addLink(Token.hash(secret), new Sessions.Session(actor.name(), text));
        return console + "/login#" + secret;
    }
}
