package io.sendport.cli;

import io.sendport.api.adapter.Finding;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.check.Diagnosis;
import io.sendport.host.pipeline.Extensions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport doctor}. */
@Command(
        name = "doctor",
        description =
                "Checks the connection to a server, from DNS to the reply to RCPT, and says what to fix. Sends no message.",
        footer = {
            "",
            "Examples:",
            "  sendport doctor -c config/sendport.xml --port Invoices",
            "  sendport doctor -c config/sendport.xml --name-server 9.9.9.9",
            "  sendport doctor --server mail.corp.example:587 --save-certificates server.pem"
        })
final class DoctorCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions setup = new CommonOptions();

    @Option(names = "--port", paramLabel = "NAME", description = "Check only this send port.")
    private @Nullable String port;

    @Option(names = "--server", paramLabel = "HOST[:PORT]", description = "Check this server; needs no configuration.")
    private @Nullable String server;

    @Option(
            names = "--save-certificates",
            paramLabel = "FILE",
            description = "Write the server's certificates to this file, as PEM.")
    private @Nullable Path certificates;

    @Option(
            names = "--name-server",
            paramLabel = "HOST[:PORT]",
            description = "Look up DKIM keys at this DNS server. Default: those of this machine.")
    private @Nullable String nameServer;

    private String printedTarget = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Diagnosis diagnosis = new Diagnosis(
                        Extensions.of(CommonOptions.plugins()), Optional.ofNullable(certificates), Clock.systemUTC())
                .asking(Optional.ofNullable(nameServer));
        String named = server;
        boolean good = named == null
                ? diagnosis.checkConfiguration(setup.read(), Optional.ofNullable(port), this::report)
                : diagnosis.checkServer(named, this::report);
        return good ? ExitStatus.DONE : ExitStatus.WRONG;
    }

    private void report(String target, Finding finding) {
        PrintWriter out = spec.commandLine().getOut();
        if (setup.json()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("severity", finding.level().name());
            map.put("where", target + ", " + finding.check());
            map.put("message", finding.result());
            map.put("advice", finding.advice().isEmpty() ? null : finding.advice());
            out.println(Json.write(map));
            out.flush();
        } else {
            if (!target.equals(printedTarget)) {
                printedTarget = target;
                out.println(target);
            }
            print(finding, out);
        }
    }

    /** Prints a finding as text, with the advice on a separate line. */
    static void print(Finding finding, PrintWriter out) {
        out.println(String.format("  %-4s  %-12s  %s", finding.level(), finding.check(), finding.result()));
        if (!finding.advice().isEmpty()) {
            out.println(" ".repeat(22) + "-> " + finding.advice());
        }
        out.flush();
    }
}
