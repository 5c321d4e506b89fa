package io.sendport.cli.option;

import io.sendport.config.Routing;
import io.sendport.host.operate.Ports;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Selects the ports for a command, by port name, by group or by host. */
public final class PortSelection {

    /** The help text for names. */
    public static final String NAMES = "Ports or groups; * matches any text (put it in quotes).";

    @Parameters(paramLabel = "NAME", arity = "0..*", description = NAMES)
    private List<String> names = List.of();

    @Option(names = "--host", paramLabel = "NAME", description = "All ports of this host; repeatable.")
    private List<String> hosts = List.of();

    /**
     * The names.
     *
     * @throws UsageException when no name is given
     * @throws io.sendport.host.operate.RefusedException when a name is unknown
     */
    public List<String> of(Routing routing) {
        if (names.isEmpty() && hosts.isEmpty()) {
            throw new UsageException("no port selected; give the names of ports or groups, or --host NAME");
        }
        Ports.requireKnown(routing, names);
        List<String> all = new ArrayList<>(names);
        hosts.forEach(host -> all.addAll(Ports.ofHost(routing, host)));
        return all;
    }
}
