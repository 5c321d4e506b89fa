package io.sendport.console.access;

import io.sendport.config.ConsoleSettings;
import io.sendport.host.box.control.Sessions;
import io.sendport.host.operate.LogOnFailures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authenticates requests. It ignores every claim of identity without proof. Safe for use by several threads. */
public final class Authenticator {

    /** The header field with which a reverse proxy authenticates itself. */
    public static final String PROXY_SECRET = "Sendport-Proxy-Secret";

    /** The header field that a browser must send to change something. A page of another site cannot set it. */
    public static final String AGAINST_FORGERY = "X-Sendport-Csrf";

    /** The header field that an open page sends when it polls. */
    private static final String POLL = "X-Sendport-Poll";

    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);
    private static final String BEARER = "Bearer ";
    private static final int MAX_SECRET = 200;
    private static final int MAX_NAME = 200;

    private final TokenFile tokens;
    private final Optional<ConsoleSettings.Proxy> proxy;
    private final Set<InetAddress> proxies = new HashSet<>();
    private final Supplier<Optional<Sessions>> sessions;
    private final SessionCookie cookie;
    private final Clock clock;
    private final LogOnFailures failures;
    private final LogOnFailures refusals;

    /** Authenticates with the tokens and the proxy of {@code settings}, and with the current sessions. */
    public Authenticator(ConsoleSettings settings, Supplier<Optional<Sessions>> sessions, Clock clock) {
        this.sessions = sessions;
        this.cookie = new SessionCookie(settings.tls().isPresent());
        this.tokens = new TokenFile(settings.tokens());
        this.proxy = settings.proxy();
        this.clock = clock;
        this.failures = new LogOnFailures(clock);
        this.refusals = new LogOnFailures(clock);
        proxy.ifPresent(each -> each.addresses().forEach(address -> proxies.add(address(address))));
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + literal + "\" is not an IP address", e);
        }
    }

    /** The parts of a request that authenticate its sender. */
    public interface Request {

        /** The address at the other end of the connection. */
        InetAddress peer();

        /** A header field. Requests that repeat a field are refused earlier. */
        Optional<String> header(String name);
    }

    /** The result of authentication. */
    public sealed interface Authentication {

        /** The caller is authenticated. */
        record Admitted(Caller caller) implements Authentication {}

        /**
         * The caller is not authenticated.
         *
         * @param why the reason, for the caller
         * @param isNew whether to record the refusal; only the first refusals of a series are recorded
         */
        record Refused(String why, boolean isNew) implements Authentication {}

        /** Too many requests from this address have failed. */
        record TooMany(long secondsLeft) implements Authentication {}
    }

    /** The number of seconds for which this address is blocked; empty when it is not blocked. */
    public Optional<Long> pause(String peer) {
        return failures.pause(peer);
    }

    /** Counts a refused act of an authenticated caller. Returns whether to record it; the limit keeps callers from filling the ledger. */
    public boolean failedToAct() {
        return refusals.add("");
    }

    /** Counts a failure of this address. Returns whether to record it on the ledger. */
    public boolean failed(String peer) {
        return failures.add(peer);
    }

    /** Authenticates {@code request}. */
    public Authentication admit(Request request) {
        String peer = request.peer().getHostAddress();
        Optional<String> authorization = request.header("Authorization");
        if (authorization.isPresent()) {
            return byToken(authorization.get(), peer);
        }
        Optional<String> session = cookie.read(request.header("Cookie"));
        if (session.isPresent()) {
            return bySession(session.get(), isPoll(request), peer);
        }
        Optional<String> secret = request.header(PROXY_SECRET);
        if (secret.isPresent()) {
            return byProxy(secret.get(), request, peer);
        }
        return new Authentication.Refused(
                "the request has no token; send Authorization: Bearer TOKEN, or log on with the link that `sendport console` prints",
                false);
    }

    /** A valid token is accepted even if the address has failed with other tokens. */
    private Authentication byToken(String authorization, String peer) {
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length()) || authorization.length() > MAX_SECRET) {
            return refused(peer, "the Authorization field has no bearer token; send Authorization: Bearer TOKEN");
        }
        try {
            Optional<Token> found =
                    tokens.find(authorization.substring(BEARER.length()).strip());
            if (found.isEmpty()) {
                return refused(peer, "the token is unknown or has been revoked");
            }
            Token token = found.get();
            if (token.isExpired(clock.instant())) {
                return refused(
                        peer, "the token \"" + token.name() + "\" has expired; ask the administrator for a new token");
            }
            return new Authentication.Admitted(
                    new Caller(token.name(), Caller.Way.TOKEN, peer, Authority.of(token), token.grants()));
        } catch (IOException e) {
            LOG.error(
                    "Cannot read the token file: {}. Requests with tokens are refused until Sendport can read it."
                            + " Correct the file or its access rights; no restart is needed",
                    e.getMessage());
            return refused(peer, "tokens cannot be checked now; the log of the host instance has the reason");
        }
    }

    /** Whether the request comes from a page that polls, not from a user. Polling does not extend a session. */
    private static boolean isPoll(Request request) {
        return request.header(POLL).isPresent()
                || request.header("Accept").filter("text/event-stream"::equals).isPresent();
    }

    private Authentication bySession(String secret, boolean isPoll, String peer) {
        String hash = Token.hash(secret);
        Optional<Sessions.Session> found = sessions.get().flatMap(all -> isPoll ? all.find(hash) : all.use(hash));
        if (found.isEmpty()) {
            return new Authentication.Refused(
                    "the session has ended; run `sendport console` on a machine with access to the message box", false);
        }
        return new Authentication.Admitted(new Caller(
                found.get().name(),
                Caller.Way.SESSION,
                peer,
                Authority.ofSession(hash),
                Grant.parse(found.get().grants())));
    }

    private Authentication byProxy(String secret, Request request, String peer) {
        boolean isProxy = proxy.isPresent()
                && proxies.contains(request.peer())
                && MessageDigest.isEqual(
                        secret.getBytes(StandardCharsets.UTF_8),
                        proxy.get().secret().reveal().getBytes(StandardCharsets.UTF_8));
        if (!isProxy) {
            return refused(
                    peer,
                    "the request does not come from the configured proxy, or the proxy's secret is wrong;"
                            + " compare addresses and secret of <proxy> with the settings of the proxy");
        }
        Optional<String> user = request.header(proxy.get().userHeader()).filter(each -> !each.isBlank());
        if (user.isEmpty() || user.get().length() > MAX_NAME) {
            // Not counted, since all users of the proxy share its address and would be blocked together.
            return new Authentication.Refused("the proxy did not name the user", false);
        }
        List<Grant> grants = request.header(proxy.get().rolesHeader())
                .filter(each -> !each.isBlank())
                .map(Grant::parseKnown)
                .orElse(List.of());
        return new Authentication.Admitted(
                new Caller(user.get(), Caller.Way.PROXY, peer, Authority.ofProxy(grants), grants));
    }

    private Authentication refused(String peer, String why) {
        return failures.pause(peer)
                .<Authentication>map(Authentication.TooMany::new)
                .orElseGet(() -> new Authentication.Refused(why, failures.add(peer)));
    }
}
