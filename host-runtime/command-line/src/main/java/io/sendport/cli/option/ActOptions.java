package io.sendport.cli.option;

import io.sendport.host.box.control.Actor;
import java.io.Console;
import picocli.CommandLine.Option;

/** What every act takes: it is recorded with who and why, and on many things at once it asks first. */
public final class ActOptions {

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the ledger.")
    private String reason = "";

    @Option(names = "--yes", description = "Don't ask.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Only list what it would act on.")
    private boolean dryRun;

    public Actor actor() {
        return Actor.here(reason);
    }

    public boolean dryRun() {
        return dryRun;
    }

    /**
     * Asks, unless told not to.
     *
     * @throws UsageException when there is nobody to ask
     */
    @SuppressWarnings(
            "SystemConsoleNull") // the start script sets jdk.console=java.base, with which null means no terminal
    public boolean confirmed(String question) {
        if (yes) {
            return true;
        }
        Console console = System.console();
        if (console == null) {
            throw new UsageException(question + " There is no terminal to ask; give --yes.");
        }
        String answer = console.readLine("%s [y/N] ", question);
        return answer != null && answer.trim().equalsIgnoreCase("y");
    }
}
