package io.sendport.cli.option;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only has subcommands. By itself it shows them. */
@Command
public abstract class CommandGroup implements Runnable {

    /** This command. */
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    protected CommandSpec spec;

    @Override
    public final void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
