package io.sendport.cli;

/** The entry point of the command line. */
public final class Main {

    private Main() {}

    /** Runs the command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        System.exit(SendportCommand.execute(arguments));
    }
}
