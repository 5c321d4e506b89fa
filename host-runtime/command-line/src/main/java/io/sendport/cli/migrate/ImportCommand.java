package io.sendport.cli.migrate;

import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.operate.Json;
import io.sendport.migration.Migration;
import io.sendport.migration.report.ReportText;
import io.sendport.migration.source.UnreadableException;
import io.sendport.migration.write.Imported;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sendport import}. */
@Command(
        name = "import",
        description = "Creates a configuration from BizTalk or SSIS exports. Every port in it is stopped.",
        footer = {
            "",
            "Examples:",
            "  sendport import biztalk Orders.BindingInfo.xml > sendport.xml",
            "  sendport import biztalk Orders.BindingInfo.xml handlers.xml --zone Europe/Stockholm --output sendport",
            "  sendport import ssis Nightly.dtsx Project.params > sendport.xml"
        })
public final class ImportCommand {

    @Option(
            names = "--output",
            paramLabel = "FOLDER",
            scope = picocli.CommandLine.ScopeType.INHERIT,
            description = "Write sendport.xml to this folder, with subfolders for the files that you must supply.")
    private @Nullable Path output;

    @Option(
            names = "--json",
            scope = picocli.CommandLine.ScopeType.INHERIT,
            description = "Write the report to standard error as one JSON object a line.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** {@code sendport import biztalk}. */
    @Command(
            name = "biztalk",
            mixinStandardHelpOptions = true,
            description = {
                "Imports one or more binding files of BizTalk Server, together with exported send handlers and .btp pipelines.",
                "The configuration goes to standard output, the report to standard error."
            },
            exitCodeListHeading = "%nExit status:%n",
            exitCodeList = {
                "0:everything is mapped; nothing is left to do",
                "1:written; something is left to do or was refused",
                "2:nothing was written: a file cannot be read, or two files define different ports with the same name"
            },
            footer = {
                "",
                "Examples:",
                "  sendport import biztalk Orders.BindingInfo.xml > sendport.xml",
                "  sendport import biztalk Orders.BindingInfo.xml handlers.xml --zone 'Pacific Standard Time' --output sendport"
            })
    int biztalk(
            @Option(
                            names = "--zone",
                            paramLabel = "ZONE",
                            description = "The time zone of the people who configured BizTalk, for service windows.")
                    @Nullable
                    String zone,
            @Parameters(
                            arity = "1..*",
                            paramLabel = "FILE",
                            description = "Binding files, handler exports and .btp files.")
                    List<Path> files)
            throws IOException {
        return write(() -> Migration.biztalk(files, Optional.ofNullable(zone)));
    }

    /** {@code sendport import ssis}. */
    @Command(
            name = "ssis",
            mixinStandardHelpOptions = true,
            description = {
                "Imports Send Mail tasks of SSIS: .dtsx, .conmgr, Project.params, .dtsConfig, .ispac.",
                "The configuration goes to standard output, the report to standard error."
            },
            exitCodeListHeading = "%nExit status:%n",
            exitCodeList = {
                "0:everything is mapped; nothing is left to do",
                "1:written; something is left to do or was refused",
                "2:nothing was written: a file cannot be read"
            },
            footer = {
                "",
                "Examples:",
                "  sendport import ssis Nightly.dtsx Mail.conmgr Project.params > sendport.xml",
                "  sendport import ssis Nightly.ispac --output sendport"
            })
    int ssis(
            @Parameters(
                            arity = "1..*",
                            paramLabel = "FILE",
                            description = "Packages, connections, parameters and archives.")
                    List<Path> files)
            throws IOException {
        return write(() -> Migration.ssis(files));
    }

    @FunctionalInterface
    private interface Import {
        Imported run() throws UnreadableException;
    }

    /** Writes the complete result, or nothing. */
    private int write(Import what) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Imported imported;
        try {
            imported = what.run();
        } catch (UnreadableException e) {
            throw new UsageException(e.getMessage() + "; nothing was written");
        }
        Path folder = output;
        if (folder != null) {
            try {
                OutputFolder.write(folder, imported);
            } catch (FileAlreadyExistsException e) {
                throw new UsageException(e.getMessage() + " already exists; nothing was written");
            }
        }
        if (json) {
            imported.report().objects().forEach(each -> err.println(Json.write(each)));
        } else {
            String name = folder == null
                    ? "sendport.xml"
                    : folder.resolve("sendport.xml").toString();
            ReportText.lines(imported.report(), name).forEach(err::println);
        }
        err.flush();
        if (folder == null) {
            out.print(imported.configuration());
            out.flush();
            if (out.checkError()) {
                return ExitStatus.WRONG;
            }
        }
        return imported.report().isComplete() ? ExitStatus.DONE : ExitStatus.WRONG;
    }
}
