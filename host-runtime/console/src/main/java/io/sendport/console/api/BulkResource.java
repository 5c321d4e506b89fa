package io.sendport.console.api;

import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.box.BulkAct;
import io.sendport.host.box.BulkActs;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.operate.ActSearch;
import io.sendport.host.operate.BulkOperations;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.RefusedException;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Acts on all messages of a filter, in three steps: count, confirm, run. */
final class BulkResource {

    private static final int SAMPLE = 10;
    private static final int NEWEST = 50;
    private static final String ID = "id";

    private final Supplier<Operations> operations;
    private final Runnable confirmed;
    private final OneAtATime counting = new OneAtATime("this instance is already counting messages", 5);

    BulkResource(Supplier<Operations> operations, Runnable confirmed) {
        this.operations = operations;
        this.confirmed = confirmed;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/api/v1/messages/acts", Set.of(Role.OPERATOR), this::list),
                new Route("POST", "/api/v1/messages/acts", Set.of(Role.OPERATOR), this::count),
                new Route("GET", "/api/v1/messages/acts/{id}", Set.of(Role.OPERATOR), this::show),
                new Route("POST", "/api/v1/messages/acts/{id}/run", Set.of(Role.OPERATOR), this::run),
                new Route("DELETE", "/api/v1/messages/acts/{id}", Set.of(Role.OPERATOR), this::stop));
    }

    private Answer count(Call call) throws IOException {
        Operations all = operations.get();
        Fields fields = Fields.of(call, "reason", "force", "reassemble");
        List<MessageAct> acts = MessagesResource.acts(
                call.query("act")
                        .orElseThrow(() -> ProblemException.invalid(
                                "act is missing; use suspend, resume, terminate, resolve, hold or release")),
                fields);
        MessageFilter filter = Filters.messages(call, all, Role.OPERATOR);
        if (Filters.namesPeople(call)) {
            all.accessLog().reading(call.caller().actor(""), Filters.described("count of messages for an act", call));
        }
        if (filter.isEmpty()) {
            throw ProblemException.invalid("the filter is missing; to act on all messages at a port, use port=NAME");
        }
        counting.begin();
        try {
            return counted(call, all, acts, filter, fields.text("reason").orElse(""));
        } finally {
            counting.end();
        }
    }

    private static Answer counted(
            Call call, Operations all, List<MessageAct> acts, MessageFilter filter, String reason) {
        BulkOperations.Proposal proposal = all.bulk()
                .count(
                        acts,
                        filter,
                        Json.write(filter),
                        call.caller().actor(reason),
                        call.caller().authority(),
                        SAMPLE);
        Visibility visibility = Visibility.masked(all);
        Map<String, Object> json = asMap(all, proposal.act());
        json.put("sample", proposal.sample().stream().map(visibility::of).toList());
        json.put("confirm", proposal.confirm());
        json.put("confirmUntil", proposal.act().countedAt().plus(BulkActs.CONFIRMABLE));
        return Answer.json(201, json)
                .with("Location", "/api/v1/messages/acts/" + proposal.act().id());
    }

    private static Map<String, Object> asMap(Operations all, BulkAct act) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", act.id());
        json.put("act", act.acts().get(act.acts().size() - 1).verb());
        json.put("effect", MessageAct.effect(act.acts()));
        json.put("actor", act.actor().name());
        json.put("reason", act.actor().reason());
        json.put("search", all.masking().of(ActSearch.of(act)).fields());
        json.put("state", act.state());
        json.put("countedAt", act.countedAt());
        json.put("count", act.total());
        json.put("done", act.done());
        json.put("changedSince", act.changed());
        json.put("refused", act.refused());
        json.put("endedAt", act.endedAt());
        json.put("why", Optional.of(act.why()).filter(each -> !each.isEmpty()));
        return json;
    }

    private Answer list(Call call) {
        Operations all = operations.get();
        List<Map<String, Object>> items = all.bulk().newest(NEWEST).stream()
                .filter(act -> isVisible(call, all, act))
                .map(act -> asMap(all, act))
                .toList();
        return Answer.json(new Items(items, Optional.empty(), true));
    }

    /** Callers see their own acts. An operator of all ports sees all acts. */
    private static boolean isVisible(Call call, Operations all, BulkAct act) {
        return isOwn(call, act)
                || call.caller().reach(Role.OPERATOR, all.routing()).isEverywhere();
    }

    private static boolean isOwn(Call call, BulkAct act) {
        return act.authority().equals(call.caller().authority())
                && act.actor().name().startsWith(Text.visible(call.caller().submitter()));
    }

    private BulkAct found(Call call, Operations all) {
        BulkAct act = all.bulk().find(call.path(ID));
        if (!isVisible(call, all, act)) {
            throw RefusedException.notFound("there is no act with this id that you may see");
        }
        return act;
    }

    private Answer show(Call call) {
        Operations all = operations.get();
        return Answer.json(asMap(all, found(call, all)));
    }

    private Answer run(Call call) throws IOException {
        Operations all = operations.get();
        BulkAct act = found(call, all);
        if (!isOwn(call, act)) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    "only " + act.actor().name() + " can confirm this act, because "
                            + act.actor().name()
                            + " counted its messages. Nothing was done. Count the messages yourself, then confirm your own count");
        }
        String id = act.id();
        String confirm = Fields.of(call, "confirm")
                .text("confirm")
                .orElseThrow(() -> ProblemException.invalid(
                        "confirm is missing; send the value of confirm that POST /api/v1/messages/acts returned"));
        all.bulk().confirm(id, confirm, Optional.empty());
        confirmed.run();
        return Answer.json(202, asMap(all, all.bulk().find(id)));
    }

    private Answer stop(Call call) {
        Operations all = operations.get();
        String id = found(call, all).id();
        all.bulk().stop(id, "stopped by " + call.caller().actor("").name());
        return Answer.json(asMap(all, all.bulk().find(id)));
    }
}
