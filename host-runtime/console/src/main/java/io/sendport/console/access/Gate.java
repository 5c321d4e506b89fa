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

/** Finds out who asks. What is not shown beyond doubt counts for nothing. Safe for use by several threads. */
public final class Gate {

    /** The field in which a proxy shows that it is one. */
    public static final String PROXY_SECRET = "Sendport-Proxy-Secret";

    /** The field that a browser's request has to have to change something: a page of another site can't set it. */
    public static final String AGAINST_FORGERY = "X-Sendport-Csrf";

    /** Sent by an open page that looks again by itself. */
    private static final String POLL = "X-Sendport-Poll";

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final String BEARER = "Bearer ";
    private static final int LONGEST_SECRET = 200;
    private static final int LONGEST_NAME = 200;

    private final TokenFile tokens;
    private final Optional<ConsoleSettings.Proxy> proxy;
    private final Set<InetAddress> proxies = new HashSet<>();
    private final Supplier<Optional<Sessions>> sessions;
    private final SessionCookie cookie;
    private final Clock clock;
    private final LogOnFailures failures;
    private final LogOnFailures refusals;

    /** With the tokens and the proxy of {@code settings}, and those who are logged on. */
    public Gate(ConsoleSettings settings, Supplier<Optional<Sessions>> sessions, Clock clock) {
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
            throw new IllegalArgumentException("\"" + literal + "\" is no address", e);
        }
    }

    /** A request, as far as it says who makes it. */
    public interface Request {

        /** The address at the other end of the connection. */
        InetAddress peer();

        /** A header field; a request that has several of one name never comes here. */
        Optional<String> header(String name);
    }

    /** What came of a request. */
    public sealed interface Admission {

        /** It is known who asks. */
        record Admitted(Caller caller) implements Admission {}

        /**
         * It is not.
         *
         * @param why the reason, for the caller
         * @param isNew whether it goes on the ledger; of many in a row only the first ones do
         */
        record Refused(String why, boolean isNew) implements Admission {}

        /** There were too many failures from there. */
        record TooMany(long secondsLeft) implements Admission {}
    }

    /** For how many seconds nobody from that address is let in; empty while they are. */
    public Optional<Long> pause(String peer) {
        return failures.pause(peer);
    }

    /** Whether one more refusal of somebody who is known is to go on the ledger, so that nobody can fill it. */
    public boolean failedToAct() {
        return refusals.add("");
    }

    /** Counts a refusal from that address; gives whether it is to go on the ledger. */
    public boolean failed(String peer) {
        return failures.add(peer);
    }

    /** Finds out who makes {@code request}. */
    public Admission admit(Request request) {
        String peer = request.peer().getHostAddress();
        Optional<String> authorization = request.header("Authorization");
        if (authorization.isPresent()) {
            return byToken(authorization.get(), peer);
        }
        Optional<String> session = cookie.read(request.header("Cookie"));
        if (session.isPresent()) {
            return bySession(session.get(), isByItself(request), peer);
        }
        Optional<String> secret = request.header(PROXY_SECRET);
        if (secret.isPresent()) {
            return byProxy(secret.get(), request, peer);
        }
        return new Admission.Refused(
                "no token came with the request; send Authorization: Bearer TOKEN, or log on with the link that sendport console prints",
                false);
    }

    /** A good token lets in, whatever others at its address try out. */
    private Admission byToken(String authorization, String peer) {
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                || authorization.length() > LONGEST_SECRET) {
            return refused(peer, "the Authorization field has no bearer token; send Authorization: Bearer TOKEN");
        }
        try {
            Optional<Token> found =
                    tokens.find(authorization.substring(BEARER.length()).strip());
            if (found.isEmpty()) {
                return refused(peer, "the token is not known; it may have been revoked");
            }
            Token token = found.get();
            if (token.isExpired(clock.instant())) {
                return refused(peer, "the token \"" + token.name() + "\" has expired; ask for another");
            }
            return new Admission.Admitted(
                    new Caller(token.name(), Caller.Way.TOKEN, peer, Authority.of(token), token.grants()));
        } catch (IOException e) {
            LOG.error("The file of tokens can't be read, so nobody gets in by one: {}", e.getMessage());
            return refused(peer, "tokens can't be checked now; the log of the host says why");
        }
    }

    /** Whether an open page asks, and nobody who sits before it: that keeps no session alive. */
    private static boolean isByItself(Request request) {
        return request.header(POLL).isPresent()
                || request.header("Accept").filter("text/event-stream"::equals).isPresent();
    }

    private Admission bySession(String secret, boolean isByItself, String peer) {
        String hash = Token.hash(secret);
        Optional<Sessions.Session> found = sessions.get().flatMap(all -> isByItself ? all.find(hash) : all.use(hash));
        if (found.isEmpty()) {
            return new Admission.Refused(
                    "the session is over; run sendport console on a machine that reaches the message box", false);
        }
        return new Admission.Admitted(new Caller(
                found.get().name(),
                Caller.Way.SESSION,
                peer,
                Authority.ofSession(hash),
                Grant.parse(found.get().grants())));
    }

    private Admission byProxy(String secret, Request request, String peer) {
        boolean isProxy = proxy.isPresent()
                && proxies.contains(request.peer())
                && MessageDigest.isEqual(
                        secret.getBytes(StandardCharsets.UTF_8),
                        proxy.get().secret().reveal().getBytes(StandardCharsets.UTF_8));
        if (!isProxy) {
            return refused(peer, "this address is not that of the proxy, or its secret is another");
        }
        Optional<String> user = request.header(proxy.get().userHeader()).filter(each -> !each.isBlank());
        if (user.isEmpty() || user.get().length() > LONGEST_NAME) {
            // Not counted: all users of the proxy have its address, and would wait for one of them.
            return new Admission.Refused("the proxy does not say who asks", false);
        }
        List<Grant> grants = request.header(proxy.get().rolesHeader())
                .filter(each -> !each.isBlank())
                .map(Grant::parseKnown)
                .orElse(List.of());
        return new Admission.Admitted(
                new Caller(user.get(), Caller.Way.PROXY, peer, Authority.ofProxy(grants), grants));
    }

    private Admission refused(String peer, String why) {
        return failures.pause(peer)
                .<Admission>map(Admission.TooMany::new)
                .orElseGet(() -> new Admission.Refused(why, failures.add(peer)));
    }
}
