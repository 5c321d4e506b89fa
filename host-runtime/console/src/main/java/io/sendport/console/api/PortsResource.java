package io.sendport.console.api;

import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Route;
import io.sendport.host.box.control.PortAct;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.PortView;
import io.sendport.host.operate.Ports;
import io.sendport.host.operate.RefusedException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The send ports. */
final class PortsResource {

    private static final String NAME = "name";

    private final Supplier<Operations> operations;

    PortsResource(Supplier<Operations> operations) {
        this.operations = operations;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/api/v1/ports", Set.of(Role.VIEWER), this::list),
                new Route("GET", "/api/v1/ports/{name}", Set.of(Role.VIEWER), this::show),
                new Route("POST", "/api/v1/ports/{name}/{act}", Set.of(Role.OPERATOR), this::act),
                new Route("POST", "/api/v1/hosts/{name}/{act}", Set.of(Role.OPERATOR), this::actOnHost));
    }

    private Answer list(Call call) {
        return Answer.json(new Items(new CallerView(operations.get(), call).ports(), Optional.empty(), true));
    }

    private Answer show(Call call) {
        Operations all = operations.get();
        return Answer.json(Visibility.masked(all).of(port(call, all, Role.VIEWER)));
    }

    /** Finds one port by its exact name. Patterns and groups are not allowed, since they may match several ports. */
    private static PortView port(Call call, Operations all, Role role) {
        String name = call.path(NAME);
        if (!all.routing().ports().containsKey(name)) {
            throw RefusedException.notFound("unknown send port \"" + name + "\"");
        }
        Rights.requireAt(call, all, role, name);
        return all.ports().list(List.of(name)).get(0);
    }

    private static PortAct named(Call call) {
        return Arrays.stream(PortAct.values())
                .filter(each -> each.word().equals(call.path("act")))
                .findFirst()
                .orElseThrow(() -> RefusedException.notFound(
                        "there is no act \"" + call.path("act") + "\" on ports; use start, stop, enlist or unenlist"));
    }

    /** Acts on all ports of a host. The caller must be an operator at each of them. */
    private Answer actOnHost(Call call) throws IOException {
        Operations all = operations.get();
        PortAct act = named(call);
        Set<String> names = Ports.ofHost(all.routing(), call.path(NAME));
        names.forEach(name -> Rights.requireAt(call, all, Role.OPERATOR, name));
        Fields fields = Fields.of(call, "reason");
        return Answer.json(new Items(
                all.ports()
                        .act(
                                act,
                                names,
                                call.caller().actor(fields.text("reason").orElse("")),
                                call.flag("dryRun")),
                Optional.empty(),
                true));
    }

    private Answer act(Call call) throws IOException {
        Operations all = operations.get();
        PortAct act = named(call);
        port(call, all, Role.OPERATOR);
        Fields fields = Fields.of(call, "reason");
        boolean dry = call.flag("dryRun");
        Ports.Change change = all.ports()
                .act(
                        act,
                        List.of(call.path(NAME)),
                        call.caller().actor(fields.text("reason").orElse("")),
                        dry)
                .get(0);
        if (change.outcome() == Ports.Change.Outcome.REFUSED) {
            throw RefusedException.conflict("port " + change.port() + " is "
                    + change.before().word() + " and cannot be "
                    + Map.of(PortAct.START, "started", PortAct.STOP, "stopped", PortAct.ENLIST, "enlisted")
                            .getOrDefault(act, "unenlisted"));
        }
        return Answer.json(change);
    }
}
