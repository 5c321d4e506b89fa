package io.sendport.cli.audit;

import io.sendport.cli.option.ActOptions;
import io.sendport.cli.option.Setup;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.box.PersonalData;
import io.sendport.host.operate.Erasing;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport audit erase}. */
@Command(
        name = "erase",
        description = "Deletes what is kept about a recipient: private parts of records, rows of messages that ended.",
        footer = {
            "",
            "The chain stays whole: that something was recorded, and when, still holds. Needs the ledger's key, since what was",
            "erased is signed. Messages under way are left and named (exit 1).",
            "",
            "Examples:",
            "  sendport audit erase --recipient jo@customer.example --dry-run",
            "  sendport audit erase --recipient jo@customer.example --reason \"request 2026-17\" --yes"
        })
final class AuditEraseCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Setup setup;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ActOptions act;

    @Option(names = "--recipient", paramLabel = "A", required = true, description = "Address of the person.")
    private String recipient = "";

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        try (Operations operations = act.dryRun() ? setup.reading() : setup.changing()) {
            Erasing erasing = operations.erasing();
            PersonalData.Erased found = erasing.preview(recipient, act.actor());
            if (act.dryRun() || found.messages() == 0) {
                return tell(found, act.dryRun() ? "would be erased" : "erased");
            }
            String question = "Erase all private parts that " + found.messages() + " messages to " + recipient
                    + " have on the ledger? Nobody can undo that.";
            if (!act.confirmed(question)) {
                spec.commandLine().getErr().println("nothing was erased");
                return ExitStatus.WRONG;
            }
            return tell(erasing.erase(recipient, act.actor()), "erased");
        }
    }

    private int tell(PersonalData.Erased erased, String what) {
        PrintWriter out = spec.commandLine().getOut();
        if (setup.json()) {
            out.println(Json.write(erased));
        } else {
            out.println(erased.messages() + " messages"
                    + (erased.records() > 0 ? ", " + erased.records() + " records" : "") + " " + what);
        }
        erased.underWay().forEach(id -> spec.commandLine()
                .getErr()
                .println("message " + id + " is under way and was left; let it end or terminate it, then erase again"));
        return erased.underWay().isEmpty() ? ExitStatus.DONE : ExitStatus.WRONG;
    }
}
