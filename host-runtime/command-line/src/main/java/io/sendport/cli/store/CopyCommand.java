package io.sendport.cli.store;

import io.sendport.cli.option.ActOptions;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.DatabaseUser;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Routing;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.operate.store.StoreCopy;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport store copy}. */
@Command(
        name = "copy",
        description = {
            "Moves a SQLite message box to PostgreSQL, with ledger, key and checkpoints, and verifies the copy.",
            "Stop all hosts first. The command then renames the SQLite file, so that no host can send from both."
        },
        footer = {
            "",
            "Example:",
            "  sendport store copy --to jdbc:postgresql://db:5432/sendport --user sendport_owner --password-file owner.txt"
        })
final class CopyCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions setup = new CommonOptions();

    @Mixin
    private ActOptions act = new ActOptions();

    @Mixin
    private DatabaseUser user = new DatabaseUser();

    @Option(
            names = "--to",
            paramLabel = "URL",
            required = true,
            description = "The target: jdbc:postgresql://HOST:PORT/DATABASE")
    private String to = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Routing routing = setup.routing();
        MessageBoxSettings source = routing.messageBox();
        StoreCopy copying = new StoreCopy(routing, user.of(target(source)), Clock.systemUTC());
        if (act.dryRun()) {
            out.println("copy: would move " + copying.file() + " to " + to);
            return ExitStatus.DONE;
        }
        if (!act.confirmed("Copy " + copying.file() + " to " + to + "? The file is set aside afterward.")) {
            return ExitStatus.USAGE;
        }
        try {
            StoreCopy.Copied copied = copying.copy(act.actor());
            copied.rows()
                    .forEach((table, count) -> out.println("copy: " + Text.counted(count, "row") + " of " + table));
            out.println("copy: " + copied.records() + " ledger records verified in the copy; the old file is now "
                    + copied.aside());
            out.println("copy: now set <messageBox url=\"" + to + "\" user=\"...\" password=\"...\"/>");
            return ExitStatus.DONE;
        } catch (RefusedException e) {
            spec.commandLine().getErr().println("sendport: " + e.getMessage());
            return ExitStatus.WRONG;
        }
    }

    private MessageBoxSettings target(MessageBoxSettings source) {
        try {
            return source.at(to, setup.file());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--to: " + e.getMessage());
        }
    }
}
