package io.sendport.cli;

import io.sendport.cli.log.LogConfigurator;

/** The entry point of the command line. */
public final class Main {

    private Main() {}

    /** Runs the command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        LogConfigurator.readFormat(arguments);
        System.exit(SendportCommand.execute(arguments));
    }
}
