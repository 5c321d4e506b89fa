package io.sendport.console.api;

import io.sendport.console.access.Authenticator;
import io.sendport.console.access.SessionCookie;
import io.sendport.console.access.Token;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Sessions;
import io.sendport.host.operate.Operations;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Logs callers on with a single-use link, and logs them off. */
final class SessionResource {

    private static final String PATH = "/api/v1/session";

    private final Supplier<Operations> operations;
    private final SessionCookie cookie;
    private final Authenticator gate;

    SessionResource(Supplier<Operations> operations, SessionCookie cookie, Authenticator gate) {
        this.operations = operations;
        this.cookie = cookie;
        this.gate = gate;
    }

    /** The routes that need no authentication. */
    List<Route> open() {
        return List.of(new Route("POST", PATH, Set.of(), this::logOn));
    }

    List<Route> routes() {
        return List.of(new Route("DELETE", PATH, Set.of(), this::logOff));
    }

    /** Creates a new secret for the session and never reuses one from the browser, which prevents session fixation. */
    private Answer logOn(Call call) throws IOException {
        Operations all = operations.get();
        String peer = call.caller().origin();
        gate.pause(peer).ifPresent(seconds -> {
            throw ProblemException.tooManyRefused(seconds);
        });
        if (call.header(Authenticator.AGAINST_FORGERY).isEmpty()) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    "a log-on needs the header field " + Authenticator.AGAINST_FORGERY
                            + " (any value); it protects against cross-site request forgery");
        }
        String secret = Fields.of(call, "secret").text("secret").orElse("");
        String session = Token.newSecret().substring(Token.PREFIX.length());
        Optional<Sessions.Session> who = all.sessions().logOn(Token.hash(secret), Token.hash(session));
        if (who.isEmpty()) {
            if (gate.failed(peer)) {
                all.accessLog().access(new Actor("unknown from " + peer, ""), "refused: an invalid log-in link");
            }
            throw new ProblemException(
                    Problem.Type.UNAUTHENTICATED,
                    "the link is no longer valid: it works once, within one minute. Run `sendport console` for another one; in the"
                            + " terminal of `sendport demo --console`, press Enter");
        }
        all.accessLog()
                .access(
                        new Actor(who.get().name() + " (console) from " + peer, ""),
                        "logged on with " + who.get().grants());
        return Answer.json(Map.of("name", who.get().name())).with("Set-Cookie", cookie.give(session));
    }

    private Answer logOff(Call call) {
        Operations all = operations.get();
        cookie.read(call.header("Cookie")).ifPresent(secret -> all.sessions().logOff(Token.hash(secret)));
        all.accessLog().access(call.caller().actor(""), "logged off");
        return Answer.json(Map.of("name", call.caller().name())).with("Set-Cookie", cookie.takeAway());
    }
}
