package io.sendport.console.http;

import io.sendport.console.access.Caller;
import io.sendport.console.access.Gate;
import io.sendport.host.box.control.Actor;
import io.sendport.host.operate.AccessLog;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

/** Lets requests in and hands them to their routes. Whatever a route throws is answered as a problem. */
final class Dispatcher extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** Sent by the script of our pages. */
    private static final String OF_A_PAGE = "HX-Request";

    private static final String LOG_IN = "/login";

    private final Site site;
    private final Gate gate;
    private final HostNames names;
    private final Supplier<Optional<AccessLog>> log;

    Dispatcher(Site site, Gate gate, HostNames names, Supplier<Optional<AccessLog>> log) {
        this.site = site;
        this.gate = gate;
        this.names = names;
        this.log = log;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Answer answer;
        try {
            answer = answer(request);
        } catch (ProblemException e) {
            answer = told(e.problem(), request);
        } catch (Exception | StackOverflowError e) {
            answer = told(problem(e, request), request);
        }
        write(answer, request, response, callback);
        return true;
    }

    /** A person at a browser is shown a page, and how to log on; a program gets the problem. */
    private Answer told(Problem problem, Request request) {
        boolean isOfAPage = request.getHeaders().contains(OF_A_PAGE);
        boolean isForAPerson = isOfAPage
                || String.valueOf(request.getHeaders().get(HttpHeader.ACCEPT)).contains("text/html");
        if (!isForAPerson || Request.getPathInContext(request).startsWith("/api/")) {
            return Answer.of(problem);
        }
        if (problem.type() != Problem.Type.UNAUTHENTICATED) {
            return site.problemPage().apply(problem);
        }
        // A script would follow to the log-in page and show it within the one that is open.
        return isOfAPage ? Answer.of(problem).with("HX-Redirect", LOG_IN) : Answer.seeOther(LOG_IN);
    }

    private Answer answer(Request request) throws Exception {
        if (!names.include(request.getHeaders().get(HttpHeader.HOST))) {
            throw new ProblemException(
                    Problem.Type.MISDIRECTED,
                    "this server is not the one that the Host field names; hostNames of <console> has the names that it goes by");
        }
        AccessLog accessLog = log.get()
                .orElseThrow(() -> new ProblemException(
                        Problem.Type.NOT_NOW,
                        "this instance is starting, or waits for its message box",
                        "Retry-After",
                        "2"));
        List<String> segments = segments(request);
        for (Route each : site.open()) {
            Optional<Map<String, String>> path = each.match(segments);
            if (path.isPresent() && each.method().equals(request.getMethod())) {
                return each.handler().handle(new JettyCall(request, stranger(request), path.get()));
            }
        }
        Caller caller = admitted(request, accessLog);
        List<Route> fitting = new ArrayList<>();
        for (Route each : site.routes()) {
            Optional<Map<String, String>> path = each.match(segments);
            if (path.isPresent() && each.method().equals(request.getMethod())) {
                requireRole(caller, each, accessLog);
                return each.handler().handle(new JettyCall(request, caller, path.get()));
            }
            path.ifPresent(ignored -> fitting.add(each));
        }
        if (fitting.isEmpty()) {
            throw new ProblemException(
                    Problem.Type.NOT_FOUND, "there is nothing at this path; /api/v1/openapi.json lists what there is");
        }
        String allowed = fitting.stream().map(Route::method).distinct().sorted().collect(Collectors.joining(", "));
        throw new ProblemException(Problem.Type.METHOD, "expected one of " + allowed, "Allow", allowed);
    }

    private Caller admitted(Request request, AccessLog accessLog) {
        InetAddress peer = peer(request);
        Gate.Admission admission = gate.admit(new Gate.Request() {
            @Override
            public InetAddress peer() {
                return peer;
            }

            @Override
            public Optional<String> header(String name) {
                return JettyCall.header(request, name);
            }
        });
        if (admission instanceof Gate.Admission.TooMany tooMany) {
            throw ProblemException.tooManyRefused(tooMany.secondsLeft());
        }
        if (admission instanceof Gate.Admission.Refused refused) {
            if (refused.isNew()) {
                accessLog.access(new Actor("unknown from " + peer.getHostAddress(), ""), "refused: " + refused.why());
            }
            throw new ProblemException(
                    Problem.Type.UNAUTHENTICATED, refused.why(), "WWW-Authenticate", "Bearer realm=\"sendport\"");
        }
        Caller caller = ((Gate.Admission.Admitted) admission).caller();
        boolean changes = !request.getMethod().equals("GET");
        // A browser sends a cookie, and a proxy logs it on, whichever page had it ask.
        boolean isByItself = caller.way() != Caller.Way.TOKEN;
        if (isByItself && !isOfOurPages(request)) {
            throw new ProblemException(Problem.Type.FORBIDDEN, "a page of another site had your browser ask this");
        }
        if (changes
                && isByItself
                && JettyCall.header(request, Gate.AGAINST_FORGERY).isEmpty()) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    "a request of a browser that changes something needs the header field " + Gate.AGAINST_FORGERY
                            + ", so that no page of another site can make it; send it with any value");
        }
        return caller;
    }

    /** Every browser of today says which site had it ask (Fetch Metadata); a program says nothing. */
    private static boolean isOfOurPages(Request request) {
        String site = request.getHeaders().get("Sec-Fetch-Site");
        return site == null || site.equals("same-origin") || site.equals("none");
    }

    private static Caller stranger(Request request) {
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

    /** Decoded each by itself, so that an encoded slash divides nothing. */
    private static List<String> segments(Request request) {
        String path = Request.getPathInContext(request);
        if (request.getHttpURI().getPath().contains(";")) {
            // Parameters of a segment, which each program along the way reads in its own way.
            throw new ProblemException(Problem.Type.NOT_FOUND, "there is nothing at this path: it has a semicolon");
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
                "a failure of Sendport's own; the log of the host has it, please report it",
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
            // What is left of its body is not read.
            headers.put(HttpHeader.CONNECTION, "close");
        }
        if (answer.live().isPresent()) {
            answer.live().get().accept(new JettyChannel(response, callback));
            return;
        }
        try {
            OutputStream out = Content.Sink.asOutputStream(response);
            answer.body().writeTo(out);
            out.close();
            callback.succeeded();
        } catch (Exception e) {
            // The caller went away, or what was to be sent can't be read: the answer ends in the middle, which shows
            // that it is not whole.
            LOG.debug("an answer was not sent whole", e);
            callback.failed(e);
        }
    }
}
