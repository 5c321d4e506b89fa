package io.sendport.host.cli;

import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.Checkpoints;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Verification;
import io.sendport.host.process.StoreLock;
import io.sendport.host.store.Copy;
import io.sendport.host.store.Restore;
import io.sendport.host.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport store copy}. */
@Command(
        name = "copy",
        description = {
            "Moves a SQLite message box to PostgreSQL, ledger, key and checkpoints included, and verifies it there.",
            "No host may run meanwhile. The file is set aside afterwards, so that nothing can be sent from both."
        },
        footer = {
            "",
            "Example:",
            "  sendport store copy --to jdbc:postgresql://db:5432/sendport --user sendport_owner --password-file owner.txt"
        })
final class CopyCommand implements Callable<Integer> {

    @Mixin
    private Setup setup = new Setup();

    @Mixin
    private ActOptions act = new ActOptions();

    @Mixin
    private DatabaseUser user = new DatabaseUser();

    @Option(names = "--to", paramLabel = "URL", required = true, description = "jdbc:postgresql://HOST:PORT/DATABASE")
    private String to = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Routing routing = setup.routing();
        MessageBoxSettings source = routing.messageBox();
        Path file = source.sqliteFile()
                .orElseThrow(() -> new UsageException("the message box is " + source.url() + ", which is no file"));
        MessageBoxSettings target = user.of(target(source));
        if (act.dryRun()) {
            out.println("copy: would move " + file + " to " + to);
            return ExitStatus.DONE;
        }
        if (!act.confirmed("move " + file + " to " + to + "?")) {
            return ExitStatus.USAGE;
        }
        StoreLock lock = StoreLock.take(file);
        try {
            Verification.Finding finding = copied(source, target, routing, out);
            if (finding.fault().isPresent()) {
                spec.commandLine()
                        .getErr()
                        .println("sendport: the copy does not verify, and " + file + " stays in force: "
                                + finding.fault().get());
                return ExitStatus.WRONG;
            }
            Path aside = Restore.setAside(file, StoreCommand.mark("copied"));
            out.println(
                    "copy: " + finding.records() + " records of the ledger verified there; what was here is " + aside);
            out.println("copy: now set <messageBox url=\"" + to + "\" user=\"...\" password=\"...\"/>");
            return ExitStatus.DONE;
        } finally {
            lock.close();
        }
    }

    private MessageBoxSettings target(MessageBoxSettings source) {
        try {
            return source.at(to, setup.file());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--to: " + e.getMessage());
        }
    }

    private Verification.Finding copied(
            MessageBoxSettings source, MessageBoxSettings target, Routing routing, PrintWriter out) throws IOException {
        try (MessageBox from = MessageBox.open(source, Store.Access.WRITE, Clock.systemUTC());
                MessageBox there = MessageBox.open(target, Store.Access.CREATE, Clock.systemUTC())) {
            from.instances().buryAll();
            from.ledger()
                    .record(Entry.of(Kind.COPIED)
                            .detail("actor", act.actor().name())
                            .detail("reason", act.actor().reason())
                            .detail("detail", "to " + there.store().name()));
            AtomicReference<Verification.Finding> found = new AtomicReference<>();
            Map<String, Long> rows = Copy.all(from.store(), there.store(), () -> {
                Verification.Finding finding = verified(source, target, routing, there);
                found.set(finding);
                return finding.fault().isEmpty();
            });
            rows.forEach((table, count) -> out.println("copy: " + count + " rows of " + table));
            return Objects.requireNonNull(found.get());
        }
    }

    private static Verification.Finding verified(
            MessageBoxSettings source, MessageBoxSettings target, Routing routing, MessageBox there) {
        try {
            Checkpoints.move(source.place(), target.place());
        } catch (IOException e) {
            throw new UncheckedIOException("the ledger's key and checkpoints can't be copied", e);
        }
        return new Verification(there.store(), Checkpoints.of(target.place(), Optional.of(routing.auditLedger())))
                .run();
    }
}
