package io.sendport.console.api;

import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import io.sendport.console.access.Caller;
import io.sendport.console.access.PortScope;
import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.operate.Operations;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells applications what became of their messages. A submitter sees the outcomes of its own messages. A reader sees those of all messages at the ports where it has that
 * role, and the ledger records each page that shows personal data.
 */
final class OutcomesResource {

    private final Supplier<Operations> operations;

    OutcomesResource(Supplier<Operations> operations) {
        this.operations = operations;
    }

    List<Route> routes() {
        return List.of(new Route("GET", "/api/v1/outcomes", Set.of(Role.SUBMITTER, Role.READER), this::list));
    }

    /**
     * An outcome as JSON.
     *
     * @param outcome {@link io.sendport.api.outcome.OutcomeKind#word}
     * @param position the parameter {@code after} once this event is handled
     */
    private record Item(
            String id,
            String outcome,
            String message,
            String port,
            Optional<String> dedupeKey,
            Map<String, String> properties,
            Optional<String> recipient,
            String reply,
            Optional<String> mimeMessageId,
            Instant at,
            String position) {

        static Item of(OutcomeEvent event) {
            return new Item(
                    event.id(),
                    event.kind().word(),
                    event.message().value(),
                    event.port(),
                    event.dedupeKey(),
                    event.properties(),
                    event.recipient(),
                    event.reply(),
                    event.mimeMessageId(),
                    event.at(),
                    event.position().value());
        }
    }

    private Answer list(Call call) {
        Operations all = operations.get();
        Caller caller = call.caller();
        PortScope plain = caller.reach(Role.READER, all.routing());
        boolean isSubmitter = caller.has(Role.SUBMITTER);
        OutcomePage page;
        try {
            page = all.outcomes()
                    .outcomes(
                            new OutcomePosition(call.query("after").orElse("")),
                            (port, submitter) ->
                                    (isSubmitter && submitter.equals(caller.submitter())) || plain.covers(port));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(String.valueOf(e.getMessage()));
        }
        if (!plain.isNowhere() && !page.events().isEmpty()) {
            all.accessLog().reading(caller.actor(""), page.events().size() + " outcomes of messages");
        }
        return Answer.json(new Items(
                page.events().stream().map(Item::of).toList(),
                Optional.of(page.next().value()),
                !page.hasMore()));
    }
}
