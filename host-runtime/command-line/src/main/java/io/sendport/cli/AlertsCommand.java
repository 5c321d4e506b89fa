package io.sendport.cli;

import io.sendport.cli.option.CommandGroup;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.alert.ChannelReply;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.check.AlertTrial;
import io.sendport.host.pipeline.Extensions;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sendport alerts}. */
@Command(
        name = "alerts",
        description = "Checks how Sendport tells people about problems.",
        footer = {"", "Example:", "  sendport alerts test -c config/sendport.xml"})
final class AlertsCommand extends CommandGroup {

    @Command(
            name = "test",
            description = "Sends a test by every channel of <alerts>, and shows what each channel answered.",
            footer = {"", "Example:", "  sendport alerts test -c config/sendport.xml"})
    int test(@Mixin CommonOptions setup) throws InterruptedException {
        AlertTrial trial = new AlertTrial(Extensions.of(CommonOptions.plugins()), Clock.systemUTC());
        return trial.run(setup.read(), reply -> print(setup, reply)) ? ExitStatus.DONE : ExitStatus.WRONG;
    }

    private void print(CommonOptions setup, ChannelReply reply) {
        PrintWriter out = spec.commandLine().getOut();
        if (setup.json()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("channel", reply.channel());
            map.put("taken", reply.accepted());
            map.put("reply", reply.text());
            out.println(Json.write(map));
        } else {
            out.println(String.format(
                    "%-12s  %-6s  %s", reply.channel(), reply.accepted() ? "taken" : "FAILED", reply.text()));
        }
        out.flush();
    }
}
