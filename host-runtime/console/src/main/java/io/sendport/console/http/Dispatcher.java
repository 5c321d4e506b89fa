package io.sendport.console.http;

import io.sendport.console.access.Authenticator;
import io.sendport.console.access.Caller;
import io.sendport.host.box.control.Actor;
import io.sendport.host.operate.AccessLog;
import io.sendport.support.text.Text;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authenticates requests and dispatches them to their routes. An exception of a route becomes a problem response. */
final class Dispatcher extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** The header field that the script of the pages sends. */
    private static final String PAGE_REQUEST = "HX-Request";

    private static final String LOG_IN = "/login";

    /** The attribute of a request with the template of its path. */
    private static final String TEMPLATE = "sendport.template";

    /** The attribute of a request with its caller. */
    private static final String CALLER = "sendport.caller";

    private final Site site;
    private final Authenticator gate;
    private final HostNames names;
    private final Supplier<Optional<AccessLog>> log;
    private final RequestObserver observer;

    Dispatcher(
            Site site,
            Authenticator gate,
            HostNames names,
            Supplier<Optional<AccessLog>> log,
            RequestObserver observer) {
        this.site = site;
        this.gate = gate;
        this.names = names;
        this.log = log;
        this.observer = observer;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        long began = System.nanoTime();
        Answer answer;
        try {
            answer = answer(request);
        } catch (ProblemException e) {
            answer = answerOf(e.problem(), request);
        } catch (Exception | StackOverflowError e) {
            answer = answerOf(problem(e, request), request);
        }
        write(answer, request, response, observed(request, answer.status(), began, callback));
        return true;
    }

    private Callback observed(Request request, int status, long began, Callback callback) {
        return Callback.from(
                callback,
                () -> observer.answered(
                        request.getMethod(),
                        request.getAttribute(TEMPLATE) instanceof String template ? template : "unknown",
                        status,
                        Duration.ofNanos(System.nanoTime() - began)));
    }

    /** A browser gets a page or the log-in page; a program gets the problem as JSON. */
    private Answer answerOf(Problem problem, Request request) {
        boolean isPageRequest = request.getHeaders().contains(PAGE_REQUEST);
        boolean wantsHtml = isPageRequest
                || String.valueOf(request.getHeaders().get(HttpHeader.ACCEPT)).contains("text/html");
        if (!wantsHtml || Request.getPathInContext(request).startsWith("/api/")) {
            return Answer.of(problem);
        }
        if (problem.type() != Problem.Type.UNAUTHENTICATED) {
            Optional<Caller> caller =
                    request.getAttribute(CALLER) instanceof Caller known ? Optional.of(known) : Optional.empty();
            return site.problemPage().apply(problem, caller);
        }
        // A script would follow a redirect and show the log-in page inside the open page.
        return isPageRequest ? Answer.of(problem).with("HX-Redirect", LOG_IN) : Answer.seeOther(LOG_IN);
    }

    private Answer answer(Request request) throws Exception {
        if (!names.include(request.getHeaders().get(HttpHeader.HOST))) {
            throw new ProblemException(
                    Problem.Type.MISDIRECTED,
                    "the Host field of the request has a name that this server does not use: "
                            + Text.printable(String.valueOf(request.getHeaders().get(HttpHeader.HOST)))
                            + "; if the name is correct, add it to hostNames of <console>");
        }
        AccessLog accessLog = log.get()
                .orElseThrow(() -> new ProblemException(
                        Problem.Type.NOT_NOW,
                        "this host instance is starting or waiting for its message box",
                        "Retry-After",
                        "2"));
        List<String> segments = segments(request);
        for (Route each : site.open()) {
            Optional<Map<String, String>> path = each.match(segments);
            if (path.isPresent() && each.method().equals(request.getMethod())) {
                request.setAttribute(TEMPLATE, each.template());
                return each.handler().handle(new JettyCall(request, anonymous(request), path.get()));
            }
        }
        Caller caller = authenticate(request, accessLog);
        List<Route> matching = new ArrayList<>();
        for (Route each : site.routes()) {
            Optional<Map<String, String>> path = each.match(segments);
            if (path.isPresent() && each.method().equals(request.getMethod())) {
                request.setAttribute(TEMPLATE, each.template());
                requireRole(caller, each, accessLog);
                return each.handler().handle(new JettyCall(request, caller, path.get()));
            }
            path.ifPresent(ignored -> matching.add(each));
        }
        if (matching.isEmpty()) {
            throw new ProblemException(
                    Problem.Type.NOT_FOUND, "nothing is served at this path; /api/v1/openapi.json lists all paths");
        }
        String allowed =
                matching.stream().map(Route::method).distinct().sorted().collect(Collectors.joining(", "));
        throw new ProblemException(
                Problem.Type.METHOD, "this path does not support the method; use " + allowed, "Allow", allowed);
    }

    private Caller authenticate(Request request, AccessLog accessLog) {
        InetAddress peer = peer(request);
        Authenticator.Authentication admission = gate.admit(new Authenticator.Request() {
            @Override
            public InetAddress peer() {
                return peer;
            }

            @Override
            public Optional<String> header(String name) {
                return JettyCall.header(request, name);
            }
        });
        if (admission instanceof Authenticator.Authentication.TooMany tooMany) {
            throw ProblemException.tooManyRefused(tooMany.secondsLeft());
        }
        if (admission instanceof Authenticator.Authentication.Refused refused) {
            if (refused.isNew()) {
                accessLog.access(new Actor("unknown from " + peer.getHostAddress(), ""), "refused: " + refused.why());
            }
            throw new ProblemException(
                    Problem.Type.UNAUTHENTICATED, refused.why(), "WWW-Authenticate", "Bearer realm=\"sendport\"");
        }
        Caller caller = ((Authenticator.Authentication.Admitted) admission).caller();
        request.setAttribute(CALLER, caller);
        boolean changes = !request.getMethod().equals("GET");
        // A browser sends the cookie, and a proxy authenticates the user, whichever site's page caused the request.
        boolean isImplicit = caller.way() != Caller.Way.TOKEN;
        if (isImplicit && !isSameSite(request)) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    "a page of another site caused this request, so it was refused; open the console directly");
        }
        if (changes
                && isImplicit
                && JettyCall.header(request, Authenticator.AGAINST_FORGERY).isEmpty()) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    "a request from a browser or through a proxy that changes something needs the header field "
                            + Authenticator.AGAINST_FORGERY
                            + " (any value); it protects against cross-site request forgery");
        }
        return caller;
    }

    /** Browsers name the kind of site that caused the request (Fetch Metadata). Programs do not send this field. */
    private static boolean isSameSite(Request request) {
        String site = request.getHeaders().get("Sec-Fetch-Site");
        return site == null || site.equals("same-origin") || site.equals("none");
    }

    private static Caller anonymous(Request request) {
        return new Caller("unknown", Caller.Way.SESSION, peer(request).getHostAddress(), "", List.of());
    }

    private static InetAddress peer(Request request) {
        if (request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address) {
            return address.getAddress();
        }
        return InetAddress.getLoopbackAddress();
    }

    private void requireRole(Caller caller, Route route, AccessLog accessLog) {
        if (!route.isOpenTo(caller)) {
            if (gate.failedToAct()) {
                accessLog.access(
                        caller.actor(""),
                        "refused: " + route.method() + " " + route.template() + " needs " + route.needs());
            }
            throw route.refusalOf(caller);
        }
    }

    /** Decodes each path segment separately, so that an encoded slash does not separate segments. */
    private static List<String> segments(Request request) {
        String path = Request.getPathInContext(request);
        if (request.getHttpURI().getPath().contains(";")) {
            // A semicolon starts parameters of a segment, which servers and proxies interpret differently.
            throw new ProblemException(Problem.Type.NOT_FOUND, "paths with a semicolon are not served");
        }
        List<String> segments = new ArrayList<>();
        for (String each : (path.startsWith("/") ? path.substring(1) : path).split("/", -1)) {
            segments.add(URIUtil.decodePath(each));
        }
        return segments;
    }

    private static Problem problem(Throwable failure, Request request) {
        Optional<Problem> problem = Problems.of(failure);
        if (problem.isPresent()) {
            return problem.get();
        }
        if (failure instanceof org.eclipse.jetty.http.HttpException bad) {
            Problem.Type type =
                    bad.getCode() == Problem.Type.TOO_LARGE.status() ? Problem.Type.TOO_LARGE : Problem.Type.VALIDATION;
            return new Problem(type, String.valueOf(bad.getReason()), List.of(), Map.of());
        }
        LOG.error(
                "A request for {} {} failed.",
                request.getMethod(),
                request.getHttpURI().getPath(),
                failure);
        return new Problem(
                Problem.Type.INTERNAL,
                "an internal error occurred, and the request may have taken effect: check that before you repeat it. The log of the"
                        + " host instance has the details; please report them to the developers of Sendport",
                List.of(),
                Map.of());
    }

    private static void write(Answer answer, Request request, Response response, Callback callback) {
        response.setStatus(answer.status());
        var headers = response.getHeaders();
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        headers.put("Referrer-Policy", "no-referrer");
        answer.headers().forEach(headers::put);
        if (!answer.type().isEmpty()) {
            headers.put(HttpHeader.CONTENT_TYPE, answer.type());
        }
        answer.length().ifPresent(length -> headers.put(HttpHeader.CONTENT_LENGTH, length));
        if (answer.status() >= 400 && !request.getMethod().equals("GET")) {
            // The rest of the request body is not read.
            headers.put(HttpHeader.CONNECTION, "close");
        }
        if (answer.live().isPresent()) {
            answer.live().get().accept(new JettyResponseStream(response, callback));
            return;
        }
        try {
            OutputStream out = Content.Sink.asOutputStream(response);
            answer.body().writeTo(out);
            out.close();
            callback.succeeded();
        } catch (Exception e) {
            // The client disconnected, or the content cannot be read. The client sees an incomplete response.
            LOG.debug("a response was not sent completely", e);
            callback.failed(e);
        }
    }
}
