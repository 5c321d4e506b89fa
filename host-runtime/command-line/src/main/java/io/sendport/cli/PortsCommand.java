package io.sendport.cli;

import io.sendport.cli.option.ActOptions;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.PortSelection;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.Output;
import io.sendport.host.box.control.Pause;
import io.sendport.host.box.control.PortAct;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.PortView;
import io.sendport.host.operate.Ports;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sendport ports}. */
@Command(
        name = "ports",
        description = "Lists send ports and changes their states.",
        footer = {
            "",
            "Examples:",
            "  sendport ports",
            "  sendport ports stop Invoices --reason \"the relay is being moved\"",
            "  sendport ports stop --host Mail --reason \"the machine is being moved\""
        })
final class PortsCommand implements Runnable {

    private static final List<String> HEADINGS = List.of(
            "port",
            "host",
            "application",
            "state",
            "waiting",
            "sending",
            "retrying",
            "scheduled",
            "in doubt",
            "suspended",
            "oldest s",
            "waits for",
            "last error");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private CommonOptions setup = new CommonOptions();

    @Override
    public void run() {
        print(setup, List.of());
    }

    @Command(
            name = "list",
            description = "Lists all ports with state, message counts, age of the oldest message and last error.",
            footer = {"", "Example:", "  sendport ports list --json"})
    int list(@Mixin CommonOptions own) {
        return print(own, List.of());
    }

    @Command(
            name = "show",
            description = "Shows the named ports.",
            footer = {"", "Example:", "  sendport ports show Invoices"})
    int show(
            @Mixin CommonOptions own,
            @Parameters(paramLabel = "NAME", arity = "1..*", description = PortSelection.NAMES) List<String> names) {
        return print(own, names);
    }

    @Command(
            name = "start",
            description = "Starts ports, so that they send. Enlists them first if necessary.",
            footer = {"", "Example:", "  sendport ports start Invoices --reason \"the relay is back\""})
    int start(@Mixin CommonOptions own, @Mixin ActOptions act, @Mixin PortSelection ports) {
        return act(own, act, ports, PortAct.START);
    }

    @Command(
            name = "stop",
            description = "Stops ports. They accept messages but do not send them.",
            footer = {"", "Example:", "  sendport ports stop \"Inv*\" --reason \"the relay is being moved\""})
    int stop(@Mixin CommonOptions own, @Mixin ActOptions act, @Mixin PortSelection ports) {
        return act(own, act, ports, PortAct.STOP);
    }

    @Command(
            name = "enlist",
            description = "Enlists ports, so that they accept messages again. Does not start them.",
            footer = {"", "Example:", "  sendport ports enlist Invoices"})
    int enlist(@Mixin CommonOptions own, @Mixin ActOptions act, @Mixin PortSelection ports) {
        return act(own, act, ports, PortAct.ENLIST);
    }

    @Command(
            name = "unenlist",
            description = "Unenlists ports. They accept no messages.",
            footer = {"", "Example:", "  sendport ports unenlist Invoices --reason \"replaced by Billing\""})
    int unenlist(@Mixin CommonOptions own, @Mixin ActOptions act, @Mixin PortSelection ports) {
        return act(own, act, ports, PortAct.UNENLIST);
    }

    private int act(CommonOptions own, ActOptions options, PortSelection ports, PortAct act) {
        PrintWriter out = spec.commandLine().getOut();
        List<String> names = ports.of(own.routing());
        try (Operations operations = own.changing()) {
            List<Ports.Change> changes = operations.ports().act(act, names, options.actor(), options.dryRun());
            changes.forEach(each -> out.println("port " + each.port() + words(each)));
            return changes.stream().anyMatch(each -> each.outcome() == Ports.Change.Outcome.REFUSED)
                    ? ExitStatus.WRONG
                    : ExitStatus.DONE;
        }
    }

    private static String words(Ports.Change change) {
        return switch (change.outcome()) {
            case CHANGED -> " is " + change.after().word();
            case ALREADY -> " is already " + change.after().word();
            case WOULD_CHANGE -> " would be " + change.after().word();
            case REFUSED -> " is " + change.before().word() + ", which does not allow this act; nothing was done";
        };
    }

    private int print(CommonOptions own, List<String> names) {
        PrintWriter out = spec.commandLine().getOut();
        Ports.requireKnown(own.routing(), names);
        try (Operations operations = own.reading()) {
            List<PortView> ports = operations.ports().list(names);
            if (own.json()) {
                ports.forEach(each -> out.println(Json.write(each)));
            } else {
                Output.table(
                        out, HEADINGS, ports.stream().map(PortsCommand::cells).toList());
            }
            return ExitStatus.DONE;
        }
    }

    private static String waitsFor(PortView port) {
        Optional<Instant> until = port.pause().flatMap(Pause::until);
        return port.waitsFor()
                .map(need -> need.word()
                        + until.map(at -> " until " + at.truncatedTo(ChronoUnit.SECONDS))
                                .orElse(""))
                .orElse("-");
    }

    private static List<String> cells(PortView port) {
        return List.of(
                port.name(),
                port.host(),
                port.application().orElse("-"),
                port.state().word(),
                Long.toString(port.waiting()),
                Long.toString(port.sending()),
                Long.toString(port.retrying()),
                Long.toString(port.scheduled()),
                Long.toString(port.inDoubt()),
                Long.toString(port.suspended()),
                port.oldestSeconds().isPresent()
                        ? Long.toString(port.oldestSeconds().getAsLong())
                        : "-",
                waitsFor(port),
                port.lastError().orElse("-"));
    }
}
