package io.sendport.console.api;

import io.sendport.api.host.TemporaryWorkspace;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.config.Routing;
import io.sendport.config.port.PortLimits;
import io.sendport.config.port.SendPortGroup;
import io.sendport.console.access.PortScope;
import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.PropertyText;
import io.sendport.console.http.Route;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Submissions;
import io.sendport.host.operate.Times;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Submits messages. A response with a receipt means that the message is on disk. */
final class SubmissionsResource {

    /** The maximum time that a caller may wait for the end of a message. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(60);
    /** The maximum number of waiting requests for one client address, since each holds one of the threads for that address. */
    private static final int MAX_WAITING = 4;

    private final Supplier<Operations> operations;
    private final ConfigurationAccess workbench;
    private final ConcurrentHashMap<String, Integer> waiting = new ConcurrentHashMap<>();

    SubmissionsResource(Supplier<Operations> operations, ConfigurationAccess workbench) {
        this.operations = operations;
        this.workbench = workbench;
    }

    List<Route> routes() {
        return List.of(new Route("POST", "/api/v1/messages", Set.of(Role.SUBMITTER, Role.OPERATOR), this::submit));
    }

    private Answer submit(Call call) throws IOException, InterruptedException {
        Operations all = operations.get();
        String port = call.query("port").orElse("");
        Optional<MailAddress> only = only(call);
        requireReach(call, all, port, only.isPresent() ? Role.OPERATOR : Role.SUBMITTER);
        requireDynamic(call, all, port);
        Duration patience = call.query("wait").map(Times::duration).orElse(Duration.ZERO);
        if (patience.compareTo(MAX_WAIT) > 0) {
            throw ProblemException.invalid(
                    "wait is longer than the limit of " + MAX_WAIT.toSeconds()
                            + " s; nothing was submitted. Submit with a shorter wait, or without it, and read the message later");
        }
        try (TemporaryWorkspace workspace = all.submissions().workspace()) {
            Content content = content(call, limit(all, port), workspace);
            Submission submission = new Submission(
                    port,
                    context(call, content),
                    content.parts(),
                    call.header("Idempotency-Key"),
                    call.caller().submitter());
            requireKey(submission);
            return call.flag("dryRun")
                    ? DryRunResponse.of(submission, all, workbench)
                    : answer(call, all, published(all, submission, only), patience);
        }
    }

    /** A port with recipients of its own would ignore the address. */
    private static void requireDynamic(Call call, Operations all, String port) {
        if (call.query("to").isPresent() && all.routing().hasFixedRecipients(port)) {
            throw ProblemException.invalid(
                    "port " + port
                            + " has fixed recipients; remove the parameter \"to\". To send a test to another address, an operator can set \"redirectTo\"");
        }
    }

    private static List<Receipt> published(Operations all, Submission submission, Optional<MailAddress> only) {
        return only.isPresent()
                ? all.submissions().publishRedirected(submission, only.get())
                : all.submissions().publish(submission);
    }

    /** The address that gets the mails in place of all recipients. */
    private static Optional<MailAddress> only(Call call) {
        Optional<String> address = call.query("redirectTo");
        if (address.isPresent() && call.flag("dryRun")) {
            throw ProblemException.invalid("redirectTo has no effect with dryRun; leave out one of them");
        }
        try {
            return address.map(MailAddress::parse);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("redirectTo: " + e.getMessage());
        }
    }

    private static void requireKey(Submission submission) {
        submission.dedupeKey().ifPresent(key -> {
            if (key.isEmpty() || key.length() > Submission.LONGEST_KEY) {
                throw ProblemException.invalid(
                        "Idempotency-Key has " + key.length() + " characters; use 1 to " + Submission.LONGEST_KEY);
            }
        });
    }

    /** Requires the role at every port that gets the message. Without a port, any port may subscribe, so the role must cover all. */
    private static void requireReach(Call call, Operations all, String port, Role role) {
        Routing routing = all.routing();
        PortScope reach = call.caller().reach(role, routing);
        SendPortGroup group = routing.groups().get(port);
        boolean may = port.isEmpty()
                ? reach.isEverywhere()
                : group == null ? reach.covers(port) : group.members().stream().allMatch(reach::covers);
        if (!may) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    call.caller().name() + " does not have the role " + role.word()
                            + (port.isEmpty()
                                    ? " at all ports; select a port with port=NAME"
                                    : group == null
                                            ? " at port \"" + port + "\""
                                            : " at every port of group \"" + port + "\""));
        }
    }

    private static long limit(Operations all, String port) {
        Routing.Port named = all.routing().ports().get(port);
        return named == null
                ? PortLimits.DEFAULT.maxMessageSize()
                : named.limits().maxMessageSize();
    }

    /**
     * The content of a request.
     *
     * @param parts the parts of the message; the first is the body
     * @param properties the properties in the form
     */
    record Content(List<Part> parts, Map<String, String> properties) {}

    private static Content content(Call call, long limit, TemporaryWorkspace workspace) throws IOException {
        if (call.contentType().toLowerCase(java.util.Locale.ROOT).startsWith("multipart/form-data")) {
            return new FormData(call, limit, workspace).read();
        }
        Body body = workspace.write(out -> call.stream().transferTo(limited(out, limit)));
        Part part = Part.body(call.contentType(), body);
        return new Content(List.of(call.query("name").map(part::withFileName).orElse(part)), Map.of());
    }

    static OutputStream limited(OutputStream out, long limit) {
        return new FilterOutputStream(out) {
            private long written;

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                written += length;
                if (written > limit) {
                    throw new ProblemException(
                            Problem.Type.TOO_LARGE, "the message is larger than its port allows: " + limit + " bytes");
                }
                out.write(bytes, offset, length);
            }
        };
    }

    private static Context context(Call call, Content content) {
        Map<String, String> given = new LinkedHashMap<>(content.properties());
        call.queries("property").forEach(each -> PropertyText.put(given, each));
        call.headers("Sendport-Property").forEach(each -> PropertyText.put(given, decoded(each)));
        Context context = Context.empty();
        try {
            for (Map.Entry<String, String> each : given.entrySet()) {
                context = context.with(each.getKey(), each.getValue());
            }
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(String.valueOf(e.getMessage()));
        }
        Optional<String> trace = call.header("traceparent");
        if (trace.isPresent() && !given.containsKey(MessageProperties.TRACE_PARENT.name())) {
            context = context.with(MessageProperties.TRACE_PARENT, trace.get());
        }
        Optional<String> to = call.query("to");
        if (to.isPresent()) {
            context = context.with(MessageProperties.OUTBOUND_LOCATION, to.get());
        }
        Optional<String> name = content.parts().get(0).fileName();
        return name.isPresent() && !given.containsKey(MessageProperties.FILE_NAME.name())
                ? context.with(MessageProperties.FILE_NAME, name.get())
                : context;
    }

    private static String decoded(String text) {
        try {
            // A plus sign stays as it is, since only percent-encoding applies here.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(
                    "a Sendport-Property field has an invalid percent-encoding; write a percent sign as %25");
        }
    }

    private Answer answer(Call call, Operations all, List<Receipt> receipts, Duration patience)
            throws InterruptedException {
        boolean isNew = receipts.stream().anyMatch(each -> !each.duplicate());
        if (patience.isZero()) {
            return withLocation(Answer.json(isNew ? 201 : 200, new Items(receipts, Optional.empty(), true)), receipts);
        }
        List<MessageView> views = new ArrayList<>();
        String origin = call.caller().origin();
        boolean mayWait = mayWait(origin);
        try {
            long deadline = System.nanoTime() + patience.toNanos();
            for (Receipt each : receipts) {
                Duration left = Duration.ofNanos(mayWait ? Math.max(0, deadline - System.nanoTime()) : 0);
                views.add(all.masking().of(all.submissions().await(each.id(), left)));
            }
        } finally {
            if (mayWait) {
                waiting.merge(origin, -1, Integer::sum);
            }
        }
        boolean isSettled = views.stream().map(MessageView::state).allMatch(Submissions::isSettled);
        return withLocation(Answer.json(isSettled ? 200 : 202, new Items(views, Optional.empty(), true)), receipts);
    }

    private boolean mayWait(String origin) {
        int now = waiting.merge(origin, 1, Integer::sum);
        if (now > MAX_WAITING) {
            waiting.merge(origin, -1, Integer::sum);
        }
        return now <= MAX_WAITING;
    }

    private static Answer withLocation(Answer answer, List<Receipt> receipts) {
        return receipts.size() == 1
                ? answer.with(
                        "Location", "/api/v1/messages/" + receipts.get(0).id().value())
                : answer;
    }
}
