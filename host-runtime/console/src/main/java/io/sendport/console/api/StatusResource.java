package io.sendport.console.api;

import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Route;
import io.sendport.host.operate.Operations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The status, and the caller's name and roles. */
final class StatusResource {

    private final Supplier<Operations> operations;

    StatusResource(Supplier<Operations> operations) {
        this.operations = operations;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/api/v1/status", Set.of(Role.VIEWER), this::status),
                new Route("GET", "/api/v1/whoami", Set.of(), StatusResource::whoami));
    }

    private Answer status(Call call) {
        return Answer.json(new CallerView(operations.get(), call).status());
    }

    private static Answer whoami(Call call) {
        Map<String, Object> self = new LinkedHashMap<>();
        self.put("name", call.caller().name());
        self.put("origin", call.caller().origin());
        self.put("roles", call.caller().grants().stream().map(Object::toString).toList());
        return Answer.json(self);
    }
}
