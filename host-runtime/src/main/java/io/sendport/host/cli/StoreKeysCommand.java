package io.sendport.host.cli;

import io.sendport.config.Routing;
import io.sendport.host.box.BodyKeys;
import io.sendport.host.box.MessageBox;
import io.sendport.host.store.Store;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sendport store keys}. */
@Command(
        name = "keys",
        description = {
            "Shows the keys that encrypt bodies: which one writes, and how many bodies and sealed mails lie under each.",
            "Exit status 1: the file lacks a key that bodies are encrypted under."
        },
        footer = {"", "Example:", "  sendport store keys"})
final class StoreKeysCommand implements Callable<Integer> {

    private static final String CLEAR = "(clear text)";

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Setup setup;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Routing routing = setup.routing();
        List<String> ids = BodyKeys.of(routing.messageBox().bodyKey()).ids();
        Map<String, Long> bodies;
        try (MessageBox box = setup.open(routing, Store.Access.READ)) {
            bodies = box.queries().bodiesByKey();
        }
        List<Line> lines = lines(ids, bodies);
        PrintWriter out = spec.commandLine().getOut();
        if (setup.json()) {
            lines.forEach(each -> {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("key", each.key());
                json.put("role", each.role().word);
                json.put("bodies", each.bodies());
                out.println(Output.json(json));
            });
        } else {
            Output.table(
                    out,
                    List.of("key", "role", "bodies"),
                    lines.stream()
                            .map(each -> List.of(
                                    each.key().isEmpty() ? CLEAR : each.key(),
                                    each.role().word,
                                    String.valueOf(each.bodies())))
                            .toList());
        }
        return lines.stream().anyMatch(each -> each.role() == Role.MISSING) ? ExitStatus.WRONG : ExitStatus.DONE;
    }

    private static List<Line> lines(List<String> ids, Map<String, Long> bodies) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            lines.add(new Line(
                    ids.get(i), i == ids.size() - 1 ? Role.WRITES : Role.READS, bodies.getOrDefault(ids.get(i), 0L)));
        }
        bodies.forEach((key, count) -> {
            if (!ids.contains(key)) {
                lines.add(new Line(key, key.isEmpty() ? Role.NONE : Role.MISSING, count));
            }
        });
        return lines;
    }

    /** @param key its id; empty: clear text */
    private record Line(String key, Role role, long bodies) {}

    private enum Role {
        WRITES("writes"),
        READS("reads"),
        MISSING("missing"),
        NONE("");

        private final String word;

        Role(String word) {
            this.word = word;
        }
    }
}
