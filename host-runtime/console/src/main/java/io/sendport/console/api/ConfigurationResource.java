package io.sendport.console.api;

import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Reloading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What instances run with, and how they take over a change. */
final class ConfigurationResource {

    private final Supplier<Operations> operations;

    ConfigurationResource(Supplier<Operations> operations) {
        this.operations = operations;
    }

    List<Route> routes() {
        return List.of(new Route("POST", "/api/v1/configuration/reload", Set.of(Role.ADMIN), this::reload));
    }

    private Answer reload(Call call) throws IOException, InterruptedException {
        Filters.requireKnown(call, Set.of("dryRun"));
        Operations all = operations.get();
        if (!call.caller().reach(Role.ADMIN, all.routing()).isEverywhere()) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    "the role admin has to hold everywhere: a configuration is one for all ports");
        }
        Fields fields = Fields.of(call, "reason");
        boolean dry = call.query("dryRun").filter("true"::equals).isPresent();
        List<Reloading.Answer> answers = new ArrayList<>();
        boolean done = all.reloading()
                .reload(dry, call.caller().actor(fields.text("reason").orElse("")), answers::add);
        return Answer.json(Map.of("done", done && !dry, "answers", answers));
    }
}
