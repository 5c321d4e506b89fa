package io.sendport.cli.audit;

import io.sendport.cli.option.ActOptions;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.DatabaseUser;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.box.PersonalData;
import io.sendport.host.operate.Erasing;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.support.text.Text;
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
        description =
                "Deletes the personal data of a recipient: private parts of records, and rows of messages that have ended.",
        footer = {
            "",
            "The hash chain stays valid: it still proves that records were written, and when. Erasing needs the ledger's signing",
            "key, since the ledger signs what was erased. Messages that have not ended or are on hold are skipped and listed",
            "(exit status 1).",
            "",
            "Examples:",
            "  sendport audit erase --recipient jo@customer.example --dry-run",
            "  sendport audit erase --recipient jo@customer.example --reason \"request 2026-17\" --yes",
            "  sendport audit erase --recipient jo@customer.example --user sendport_owner --password-file owner.txt"
        })
final class AuditEraseCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private CommonOptions setup;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ActOptions act;

    @Mixin
    private DatabaseUser user = new DatabaseUser();

    @Option(names = "--recipient", paramLabel = "A", required = true, description = "The address of the person.")
    private String recipient = "";

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        try (Operations operations = act.dryRun() ? setup.readingAs(user) : setup.changingAs(user)) {
            Erasing erasing = operations.erasing();
            PersonalData.Erased found = erasing.preview(recipient, act.actor());
            if (act.dryRun() || found.messages() == 0) {
                return print(found, act.dryRun() ? "would be erased" : "erased");
            }
            String question = "Erase the private parts of " + Text.counted(found.messages(), "message") + " to "
                    + recipient + " from the ledger? This cannot be undone.";
            if (!act.confirmed(question)) {
                spec.commandLine().getErr().println("nothing was erased");
                return ExitStatus.WRONG;
            }
            try {
                return print(erasing.erase(recipient, act.actor()), "erased");
            } catch (GeneralSecurityException e) {
                spec.commandLine()
                        .getErr()
                        .println(
                                "sendport: the erasure cannot be signed: " + e.getMessage()
                                        + "; correct this, then erase again. The content of some messages may already be erased");
                return ExitStatus.WRONG;
            }
        }
    }

    private int print(PersonalData.Erased erased, String what) {
        PrintWriter out = spec.commandLine().getOut();
        if (setup.json()) {
            out.println(Json.write(erased));
        } else {
            out.println(Text.counted(erased.messages(), "message")
                    + (erased.records() > 0 ? ", " + Text.counted(erased.records(), "record") : "") + " " + what);
        }
        erased.underWay().forEach(id -> spec.commandLine()
                .getErr()
                .println("message " + id
                        + " has not ended and was skipped; terminate it or wait until it ends, then erase again"));
        erased.onHold()
                .forEach(
                        id -> spec.commandLine()
                                .getErr()
                                .println(
                                        "message " + id
                                                + " is on hold and was skipped; release it with `sendport messages release`, then erase again"));
        return erased.underWay().isEmpty() && erased.onHold().isEmpty() ? ExitStatus.DONE : ExitStatus.WRONG;
    }
}
