package io.sendport.cli.option;

import io.sendport.host.box.control.Actor;
import java.io.Console;
import picocli.CommandLine.Option;

/** The options of every act. The ledger records who acted and why. An act on several messages asks for confirmation first. */
public final class ActOptions {

    @Option(names = "--reason", paramLabel = "TEXT", description = "The reason, for the ledger.")
    private String reason = "";

    @Option(names = "--yes", description = "Do not ask for confirmation.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Only show what the command would do.")
    private boolean dryRun;

    public Actor actor() {
        return Actor.here(reason);
    }

    public boolean dryRun() {
        return dryRun;
    }

    /**
     * Asks for confirmation, unless {@code --yes} is set.
     *
     * @throws UsageException when there is no terminal
     */
    @SuppressWarnings(
            "SystemConsoleNull") // the start script sets jdk.console=java.base, with which null means no terminal
    public boolean confirmed(String question) {
        if (yes) {
            return true;
        }
        Console console = System.console();
        if (console == null) {
            throw new UsageException(question + " There is no terminal to ask for confirmation; add --yes.");
        }
        String answer = console.readLine("%s [y/N] ", question);
        boolean confirmed = answer != null && answer.strip().matches("(?i)y|yes");
        if (!confirmed) {
            console.printf("Nothing was done.%n");
        }
        return confirmed;
    }
}
