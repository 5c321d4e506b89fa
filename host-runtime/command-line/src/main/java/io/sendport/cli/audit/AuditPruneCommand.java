package io.sendport.cli.audit;

import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.DatabaseUser;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.box.control.Actor;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport audit prune}. */
@Command(
        name = "prune",
        description = "Deletes records of the ledger that are older than <retention audit>, and signs that.",
        footer = {
            "",
            "Hosts do this every hour, unless their database user may not delete records (docs/postgresql.md). It needs the",
            "ledger's signing key. A record stays while a message that it is about has not ended, or is on hold.",
            "",
            "Example:",
            "  sendport audit prune --user sendport_owner --password-file owner.txt"
        })
final class AuditPruneCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private CommonOptions setup;

    @Mixin
    private DatabaseUser user = new DatabaseUser();

    @Option(names = "--reason", paramLabel = "TEXT", description = "The reason, for the ledger.")
    private String reason = "";

    @Override
    public Integer call() throws IOException {
        try (Operations operations = setup.changingAs(user)) {
            long deleted = operations.ledgerRetention().apply(Actor.here(reason));
            spec.commandLine()
                    .getOut()
                    .println(
                            setup.json()
                                    ? Json.write(Map.of("deleted", deleted))
                                    : Text.counted(deleted, "record") + " deleted");
            return ExitStatus.DONE;
        }
    }
}
