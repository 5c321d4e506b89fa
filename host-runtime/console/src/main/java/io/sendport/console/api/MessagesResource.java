package io.sendport.console.api;

import io.sendport.api.message.Body;
import io.sendport.api.message.Part;
import io.sendport.console.access.PortScope;
import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.control.Actor;
import io.sendport.host.operate.MessageContent;
import io.sendport.host.operate.MessageDetails;
import io.sendport.host.operate.MessagePage;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Refusal;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.operate.Resubmission;
import io.sendport.host.operate.SafeFileName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The messages: list, counts, one message with its history and content, and acts. */
final class MessagesResource {

    /** The time limit of a search. */
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final String ID = "id";
    private static final String FORCE = "force";
    private static final String REASSEMBLE = "reassemble";

    private final Supplier<Operations> operations;

    MessagesResource(Supplier<Operations> operations) {
        this.operations = operations;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/api/v1/messages", Set.of(Role.VIEWER), this::list),
                new Route("GET", "/api/v1/messages/counts", Set.of(Role.VIEWER), this::count),
                new Route("GET", "/api/v1/messages/{id}", Set.of(Role.VIEWER, Role.SUBMITTER), this::show),
                new Route("GET", "/api/v1/messages/{id}/life", Set.of(Role.VIEWER), this::life),
                new Route("GET", "/api/v1/messages/{id}/content", Set.of(Role.READER), this::content),
                new Route("GET", "/api/v1/messages/{id}/parts/{number}", Set.of(Role.READER), this::part),
                new Route("GET", "/api/v1/messages/{id}/deliveries/{number}", Set.of(Role.READER), this::mail),
                new Route("POST", "/api/v1/messages/{id}/resubmit", Set.of(Role.OPERATOR), this::resubmit),
                new Route("POST", "/api/v1/messages/{id}/{act}", Set.of(Role.OPERATOR), this::act));
    }

    private Answer list(Call call) {
        Operations all = operations.get();
        if (call.header("Accept").filter(each -> each.contains("jsonl")).isPresent()) {
            if (call.query("limit").isPresent()) {
                throw ProblemException.invalid(
                        "limit has no effect on lines of JSON, which have all messages; leave it out");
            }
            MessageFilter filter = Filters.messages(call, all, Role.VIEWER);
            OptionalLong after = after(call);
            Visibility visibility = Visibility.of(call, all, Filters.described("list of messages", call));
            return PagedLines.of(
                    place -> lines(
                            all.messages()
                                    .page(
                                            filter,
                                            place.map(OptionalLong::of).orElseGet(OptionalLong::empty),
                                            PagedLines.SIZE,
                                            PagedLines.TIMEOUT),
                            visibility),
                    after.isPresent() ? Optional.of(after.getAsLong()) : Optional.empty());
        }
        CallerView.Found<MessageView> found = new CallerView(all, call).messages();
        return Answer.json(new Items(
                found.items(),
                found.next().isPresent()
                        ? Optional.of(Long.toString(found.next().getAsLong()))
                        : Optional.empty(),
                found.complete()));
    }

    private static PagedLines.Page<Long> lines(MessagePage<MessageView> page, Visibility visibility) {
        return new PagedLines.Page<>(
                page.items().stream().map(visibility::of).toList(),
                page.next().isPresent() ? Optional.of(page.next().getAsLong()) : Optional.empty(),
                page.isWhole());
    }

    static OptionalLong after(Call call) {
        Optional<String> text = call.query("after");
        if (text.isPresent() && !text.get().matches("\\d{1,18}")) {
            throw Filters.notAPosition(text.get());
        }
        return text.map(Long::parseLong).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    private Answer count(Call call) {
        Operations all = operations.get();
        List<String> by = List.of(call.query("by").orElse("port,state").split(","));
        MessageFilter filter = Filters.messages(call, all, Role.VIEWER);
        Visibility visibility = Visibility.of(call, all, Filters.described("counts of messages", call));
        List<Map<String, Object>> items = new ArrayList<>();
        all.messages().count(filter, by, TIMEOUT).forEach((values, count) -> {
            Map<String, Object> item = new LinkedHashMap<>();
            String port = by.contains("port") ? values.get(by.indexOf("port")) : "";
            for (int i = 0; i < by.size(); i++) {
                item.put(by.get(i), by.get(i).equals("error") ? visibility.text(port, values.get(i)) : values.get(i));
            }
            item.put("count", count);
            items.add(item);
        });
        return Answer.json(new Items(items, Optional.empty(), true));
    }

    private Answer show(Call call) {
        Operations all = operations.get();
        MessageView view = visible(call, all);
        boolean isViewer = call.caller().reach(Role.VIEWER, all.routing()).covers(view.port());
        // The submitter knows the personal data in the message, so it is not masked.
        Visibility visibility = isViewer ? Visibility.of(call, all, "message " + view.id()) : Visibility.masked(all);
        MessageDetails details = all.messages().details(view.id().value());
        String tag = tag(details.version());
        if (call.header("If-None-Match").filter(tag::equals).isPresent()) {
            return Answer.notModified(tag);
        }
        return Answer.json(isViewer ? visibility.of(details) : details).with("ETag", tag);
    }

    private static String tag(long version) {
        return "\"" + version + "\"";
    }

    /** A message at a port that the caller sees, or one that the caller submitted. */
    private static MessageView visible(Call call, Operations all) {
        MessageView view = all.messages().view(call.path(ID));
        boolean isVisible = call.caller().reach(Role.VIEWER, all.routing()).covers(view.port())
                || (call.caller().has(Role.SUBMITTER)
                        && all.messages()
                                .isSubmittedBy(view.id().value(), call.caller().submitter()));
        if (!isVisible) {
            // The same response as for an unknown id, so that callers cannot probe for ids of others.
            throw RefusedException.notFound("there is no message " + call.path(ID) + " that you may see");
        }
        return view;
    }

    static MessageView at(Call call, Operations all, Role role) {
        MessageView view = all.messages().view(call.path(ID));
        PortScope reach = call.caller().reach(role, all.routing());
        if (!reach.covers(view.port())) {
            throw RefusedException.notFound(
                    "there is no message " + call.path(ID) + " at a port where you have the role " + role.word());
        }
        return view;
    }

    private Answer life(Call call) {
        return Answer.json(new CallerView(operations.get(), call).story());
    }

    private MessageContent read(Call call, Operations all) {
        MessageView view = at(call, all, Role.READER);
        return all.messages().content(view.id().value(), call.caller().actor(""));
    }

    private Answer content(Call call) {
        Operations all = operations.get();
        MessageContent content = read(call, all);
        return Answer.file("message.zip", "application/zip", OptionalLong.empty(), out -> zip(content, out));
    }

    /** Finishes the zip file only on success, so that programs recognize an incomplete file as damaged. */
    @SuppressWarnings("resource") // closing would finish an incomplete file; the server closes the underlying stream
    private static void zip(MessageContent content, OutputStream to) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(to, StandardCharsets.UTF_8);
        put(zip, "context.json", Body.wrapping(Answer.line(content.properties())));
        for (int no = 0; no < content.parts().size(); no++) {
            Part part = content.parts().get(no);
            put(zip, SafeFileName.of("part-" + (no + 1) + "-", part.fileName().orElse(part.name())), part.body());
        }
        for (Map.Entry<Integer, Body> mail : content.mails().entrySet()) {
            put(zip, "delivery-" + mail.getKey() + ".eml", mail.getValue());
        }
        zip.finish();
    }

    private static void put(ZipOutputStream zip, String name, Body body) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        try (InputStream in = body.open()) {
            long size = in.transferTo(zip);
            if (size != body.size()) {
                throw new IOException("the download has " + size + " of " + body.size() + " bytes of " + name
                        + ", probably because the content was deleted meanwhile. The client has an incomplete zip file and must"
                        + " download the message again. If that fails too, the content no longer exists");
            }
        }
        zip.closeEntry();
    }

    private Answer part(Call call) {
        Operations all = operations.get();
        int number = number(call.path("number"));
        MessageContent content = read(call, all);
        if (number > content.parts().size()) {
            throw RefusedException.notFound("the message has " + content.parts().size() + " parts");
        }
        return file(
                "part-" + number,
                "application/octet-stream",
                content.parts().get(number - 1).body());
    }

    private Answer mail(Call call) {
        Operations all = operations.get();
        int number = number(call.path("number").replaceFirst("\\.eml$", ""));
        Body mail = read(call, all).mails().get(number);
        if (mail == null) {
            throw RefusedException.notFound("the message has no stored mail " + number);
        }
        return file("delivery-" + number + ".eml", "message/rfc822", mail);
    }

    private static int number(String text) {
        if (!text.matches("[1-9]\\d{0,6}")) {
            throw ProblemException.invalid("\"" + text + "\" is not a valid number; use 1 or more");
        }
        return Integer.parseInt(text);
    }

    private static Answer file(String name, String type, Body body) {
        return Answer.file(name, type, OptionalLong.of(body.size()), out -> {
            try (InputStream in = body.open()) {
                in.transferTo(out);
            }
        });
    }

    private Answer act(Call call) throws IOException {
        Operations all = operations.get();
        MessageView view = at(call, all, Role.OPERATOR);
        Fields fields = Fields.of(call, "reason", FORCE, REASSEMBLE);
        List<MessageAct> acts = acts(call.path("act"), fields);
        Actor actor = call.caller().actor(fields.text("reason").orElse(""));
        String id = view.id().value();
        if (acts.size() > 1 && call.header("If-Match").isPresent()) {
            throw ProblemException.invalid(
                    "If-Match works with a single act; force and reassemble together are two acts."
                            + " Leave If-Match out, or send only one of them");
        }
        Optional<Refusal> refusal = call.header("If-Match")
                .map(tag -> all.messages().actIfUnchanged(acts.get(0), id, version(tag), actor))
                .orElseGet(() -> all.messages().act(acts, id, actor));
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
        MessageDetails now = all.messages().details(id);
        return Answer.json(Visibility.masked(all).of(now)).with("ETag", tag(now.version()));
    }

    /** The acts for a verb and its flags. */
    static List<MessageAct> acts(String verb, Fields fields) {
        MessageAct act = Arrays.stream(MessageAct.values())
                .filter(each -> each != MessageAct.ROUTE
                        && each.word().equals(verb)
                        && each.verb().equals(verb))
                .findFirst()
                .orElseThrow(() -> RefusedException.notFound("there is no act \"" + verb
                        + "\" on messages; use suspend, resume, terminate, resolve, hold or release"));
        boolean force = fields.flag(FORCE);
        boolean reassemble = fields.flag(REASSEMBLE);
        if (act != MessageAct.RESUME) {
            if (force || reassemble) {
                throw ProblemException.invalid("force and reassemble work only with resume");
            }
            return List.of(act);
        }
        return MessageAct.resuming(reassemble, force);
    }

    private static long version(String tag) {
        if (!tag.matches("\"\\d{1,18}\"")) {
            throw new ProblemException(
                    Problem.Type.VALIDATION, "If-Match is " + tag + "; use the ETag of the message, in quotes");
        }
        return Long.parseLong(tag.substring(1, tag.length() - 1));
    }

    private Answer resubmit(Call call) throws IOException {
        Operations all = operations.get();
        MessageView view = at(call, all, Role.OPERATOR);
        Fields fields = Fields.of(call, "reason", "port", "properties");
        Optional<String> port = fields.text("port");
        Map<String, String> properties = fields.texts("properties");
        port.ifPresent(name -> Rights.requireAt(call, all, Role.OPERATOR, name));
        if (port.isPresent() || !properties.isEmpty()) {
            // With another port or other recipients, callers could send the content to themselves.
            Rights.requireAt(call, all, Role.READER, view.port());
        }
        Actor actor = call.caller().actor(fields.text("reason").orElse(""));
        call.header("If-Match")
                .ifPresent(tag -> all.messages().requireUnchanged(view.id().value(), version(tag)));
        try {
            return Answer.json(
                    201,
                    all.submissions()
                            .resubmit(view.id().value(), new Resubmission(port, properties, Optional.empty()), actor));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(String.valueOf(e.getMessage()));
        }
    }
}
