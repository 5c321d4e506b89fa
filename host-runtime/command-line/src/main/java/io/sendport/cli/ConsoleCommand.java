package io.sendport.cli;

import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.console.access.Grant;
import io.sendport.console.access.LogOnLink;
import io.sendport.host.box.control.Actor;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport console}. */
@Command(
        name = "console",
        description = {
            "Prints a link that logs a browser on to the console of a running instance. The link works once, within one minute.",
            "This command needs access to the message box. The ledger records the link and every action in its session."
        },
        footer = {
            "",
            "Examples:",
            "  sendport console",
            "  sendport console --role viewer",
            "  sendport console --role operator:Finance* --role reader:Finance*"
        })
final class ConsoleCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions setup = new CommonOptions();

    @Option(
            names = "--role",
            paramLabel = "ROLE[:WHERE]",
            description = {
                "A role of the session; repeatable. Default: operator, auditor and admin.",
                "Only the role reader shows recipients and content. The ledger records each access."
            })
    private List<String> roles = List.of("operator", "auditor", "admin");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        String url = setup.routing()
                .consoleUrl()
                .orElseThrow(() -> new UsageException(
                        setup.file() + " has no <console> element; add <console/> and restart the host instance"));
        List<Grant> grants = Grant.parseNew(String.join(",", roles));
        String link;
        try (Operations operations = setup.changing()) {
            link = LogOnLink.make(operations, url, Actor.here(""), grants);
        }
        if (setup.json()) {
            spec.commandLine().getOut().println(Json.write(Map.of("link", link)));
        } else {
            spec.commandLine().getOut().println(link);
            spec.commandLine().getErr().println("Open the link in a browser within one minute. It works once.");
        }
        return ExitStatus.DONE;
    }
}
