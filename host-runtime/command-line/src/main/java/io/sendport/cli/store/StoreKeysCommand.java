package io.sendport.cli.store;

import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.Output;
import io.sendport.host.operate.BodyKeyUse;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.support.text.Text;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sendport store keys}. */
@Command(
        name = "keys",
        description = {
            "Lists the keys that encrypt bodies: the role of each, and how many bodies and sealed mails it encrypts.",
            "Exit status 1: the key file lacks a key that stored bodies need."
        },
        footer = {"", "Example:", "  sendport store keys"})
final class StoreKeysCommand implements Callable<Integer> {

    private static final String CLEAR = "(clear text)";

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommonOptions setup;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = setup.reading()) {
            List<BodyKeyUse> keys = operations.stores().bodyKeys();
            if (setup.json()) {
                keys.forEach(each -> out.println(Json.write(each)));
            } else {
                Output.table(
                        out,
                        List.of("key", "role", "bodies"),
                        keys.stream().map(StoreKeysCommand::cells).toList());
            }
            return keys.stream().anyMatch(each -> each.role() == BodyKeyUse.Role.MISSING)
                    ? ExitStatus.WRONG
                    : ExitStatus.DONE;
        }
    }

    private static List<String> cells(BodyKeyUse use) {
        return List.of(
                use.key().isEmpty() ? CLEAR : use.key(),
                use.role() == BodyKeyUse.Role.NONE ? "" : Text.word(use.role()),
                String.valueOf(use.bodies()));
    }
}
