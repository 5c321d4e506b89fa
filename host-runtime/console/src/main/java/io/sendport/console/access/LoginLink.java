package io.sendport.console.access;

import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Sessions;
import io.sendport.host.operate.Operations;
import java.util.List;
import java.util.stream.Collectors;

/** A link that logs a browser on: good once, for {@link Sessions#LINK}. */
public final class LoginLink {

    private LoginLink() {}

    /**
     * Makes one, and records that.
     *
     * @param console the address of the console
     * @param actor who makes it; the session has their name
     * @param grants what the session allows
     * @return the link, with the secret behind {@code #}, which no browser sends to a server
     */
    public static String make(Operations operations, String console, Actor actor, List<Grant> grants) {
        String text = grants.stream().map(Grant::toString).collect(Collectors.joining(","));
        String secret = Token.newSecret();
        operations.accessLog().access(actor, "a link to log on was made with " + text);
        operations.sessions().addLink(Token.hash(secret), new Sessions.Session(actor.name(), text));
        return console + "/login#" + secret;
    }
}
