package io.sendport.cli;

import io.sendport.cli.option.CommandGroup;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.config.Configuration;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.ConfigurationException;
import io.sendport.config.read.Reading;
import io.sendport.host.operate.Json;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.Extensions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sendport replies}. */
@Command(
        name = "replies",
        description = "Shows how Sendport handles a server's replies.",
        footer = {
            "",
            "Example:",
            "  sendport replies test --port Invoices \"432 4.3.2 Concurrent connections limit exceeded\""
        })
final class RepliesCommand extends CommandGroup {

    @Command(
            name = "test",
            description = "Shows what would happen to a message after this reply, and which rule decides it.",
            footer = {
                "",
                "Example:",
                "  sendport replies test --port Invoices \"432 4.3.2 Concurrent connections limit exceeded\""
            })
    int test(
            @Mixin CommonOptions setup,
            @Option(names = "--port", paramLabel = "NAME", description = "Show only this port; repeatable.")
                    List<String> names,
            @Parameters(paramLabel = "REPLY", description = "The server's reply, in quotes.") String reply)
            throws java.io.IOException {
        Reading reading = setup.read();
        Configuration configuration =
                reading.configuration().orElseThrow(() -> new ConfigurationException(reading.problems()));
        Set<String> wanted = names == null ? Set.of() : Set.copyOf(names);
        for (String name : wanted) {
            if (configuration.ports().stream().noneMatch(port -> port.name().equals(name))) {
                throw new UsageException("unknown send port \"" + name + "\"");
            }
        }
        try (Catalog catalog = new Catalog(Extensions.of(CommonOptions.plugins()))) {
            for (SendPort port : configuration.ports()) {
                if (wanted.isEmpty() || wanted.contains(port.name())) {
                    print(setup, port, explain(catalog, port, reply));
                }
            }
        }
        return ExitStatus.DONE;
    }

    private static String explain(Catalog catalog, SendPort port, String reply) {
        return catalog.adapter(port.transport()).explain(port.transport(), reply);
    }

    private void print(CommonOptions setup, SendPort port, String what) {
        if (setup.json()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("port", port.name());
            map.put("outcome", what);
            spec.commandLine().getOut().println(Json.write(map));
        } else {
            spec.commandLine().getOut().println(port.name() + ": " + what);
        }
    }
}
