package io.sendport.cli;

import io.sendport.cli.output.ExitStatus;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands that are promised and not done in this version. They say so, and do nothing. */
abstract class Reserved implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(hidden = true)
    private List<String> ignored = List.of();

    @Override
    public Integer call() {
        spec.commandLine()
                .getErr()
                .println("sendport: `" + spec.qualifiedName() + "` is not yet done in this version; nothing was done"
                        + (ignored.isEmpty() ? "" : " with " + ignored.size() + " arguments"));
        return ExitStatus.USAGE;
    }

    @Command(name = "import", description = "Reserved: configurations of BizTalk and SSIS.")
    static final class Import extends Reserved {}
}
