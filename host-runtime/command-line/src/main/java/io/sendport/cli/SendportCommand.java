package io.sendport.cli;

import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.cli.audit.AuditCommand;
import io.sendport.cli.demo.DemoCommand;
import io.sendport.cli.migrate.ImportCommand;
import io.sendport.cli.option.CommandGroup;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.TerminalWriter;
import io.sendport.cli.output.Version;
import io.sendport.cli.store.StoreCommand;
import io.sendport.config.read.ConfigurationException;
import io.sendport.console.access.TokenFile;
import io.sendport.host.box.body.BodyKeyException;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.store.commit.StoreException;
import io.sendport.support.Failures;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code sendport}: the root of all commands. */
@Command(
        name = "sendport",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Sends business messages out by mail, reliably and on the record.",
        footer = {
            "",
            "First steps:",
            "  sendport demo                                  send a sample invoice on this machine",
            "  sendport init                                  write a configuration for your server",
            "  sendport validate -c config/quickstart.xml     check a configuration",
            "  sendport run -c config/quickstart.xml          run it; Ctrl-C drains",
            "  sendport submit -c config/quickstart.xml --port Invoices --wait invoice.xml",
            "  sendport messages explain ID                   show what happened to a message",
            "",
            "Exit status: 0 done, 1 problem found, 2 wrong usage or configuration, 3 try again later."
        })
public final class SendportCommand extends CommandGroup {

    private static final List<Class<?>> COMMANDS = List.of(
            RunCommand.class,
            DemoCommand.class,
            InitCommand.class,
            ValidateCommand.class,
            SubmitCommand.class,
            StatusCommand.class,
            PortsCommand.class,
            MessagesCommand.class,
            AuditCommand.class,
            DoctorCommand.class,
            RepliesCommand.class,
            AlertsCommand.class,
            ReloadCommand.class,
            LogCommand.class,
            TokenCommand.class,
            ConsoleCommand.class,
            StoreCommand.class,
            ImportCommand.class,
            WarmUpCommand.class);

    /** Runs a command line and returns its exit status. */
    public static int execute(String... arguments) {
        CommandLine line = line(arguments.length == 0 ? "" : arguments[0]);
        line.setOut(new TerminalWriter(System.out));
        line.setErr(new TerminalWriter(System.err));
        // The terminal writer would print escape sequences visibly.
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command.getErr()));
        return line.execute(arguments);
    }

    /** Creates the parser for a command line that begins with the command {@code first}. */
    static CommandLine line(String first) {
        CommandLine line = new CommandLine(new SendportCommand());
        addCommands(line, first);
        addHelp(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    /** Adds only the command that was called, since describing all commands takes longer than most of them run. Adds all when none matches. */
    private static void addCommands(CommandLine line, String first) {
        for (Class<?> each : COMMANDS) {
            if (each.getAnnotation(Command.class).name().equals(first)) {
                line.addSubcommand(each);
                return;
            }
        }
        COMMANDS.forEach(line::addSubcommand);
        line.addSubcommand(AutoComplete.GenerateCompletion.class);
        line.addSubcommand(CommandLine.HelpCommand.class);
    }

    /** Gives every command {@code --help}, also the groups that only hold other commands. */
    private static void addHelp(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        if (spec.options().stream().noneMatch(OptionSpec::usageHelp)) {
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help.")
                    .build());
        }
        line.getSubcommands().values().forEach(SendportCommand::addHelp);
    }

    private static int report(Exception failure, PrintWriter err) {
        if (failure instanceof ConfigurationException wrong) {
            wrong.problems().forEach(err::println);
            return ExitStatus.USAGE;
        }
        if (failure instanceof io.sendport.host.camel.HostCamelContext.FeedException
                || failure instanceof UsageException
                || failure instanceof RefusedException
                || failure instanceof TokenFile.DamagedException
                || failure instanceof BodyKeyException
                || failure instanceof SubmissionRefusedException
                || failure instanceof IllegalArgumentException) {
            err.println("sendport: " + failure.getMessage());
            return ExitStatus.USAGE;
        }
        if (failure instanceof FileSystemException) {
            err.println("sendport: cannot use a file: " + Failures.reason(failure)
                    + "; correct its access rights or the path, then run the command again");
            return ExitStatus.WRONG;
        }
        if (failure instanceof StoreException store) {
            err.println("sendport: " + failure.getMessage());
            return switch (store.reason()) {
                case INVALID -> ExitStatus.USAGE;
                case FORBIDDEN -> ExitStatus.WRONG;
                default -> ExitStatus.NOT_NOW;
            };
        }
        if (failure instanceof NotNowException) {
            err.println("sendport: " + failure.getMessage());
            return ExitStatus.NOT_NOW;
        }
        err.println("sendport: internal error; please report it with the stack trace below");
        failure.printStackTrace(err);
        return ExitStatus.WRONG;
    }
}
