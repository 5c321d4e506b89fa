package io.sendport.cli.option;

import io.sendport.config.Routing;
import io.sendport.host.operate.Ports;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The ports that a command acts upon: by their names, those of groups, or all of a host. */
public final class PortSelection {

    /** What help says of names. */
    public static final String NAMES = "Ports or groups; * allowed, in quotes.";

    @Parameters(paramLabel = "NAME", arity = "0..*", description = NAMES)
    private List<String> names = List.of();

    @Option(names = "--host", paramLabel = "NAME", description = "All ports of this host; may be given several times.")
    private List<String> hosts = List.of();

    /**
     * The names.
     *
     * @throws UsageException when none is given
     * @throws io.sendport.host.operate.RefusedException when one is not known
     */
    public List<String> of(Routing routing) {
        if (names.isEmpty() && hosts.isEmpty()) {
            throw new UsageException("no port is named; give names of ports or groups, or --host NAME");
        }
        Ports.requireKnown(routing, names);
        List<String> all = new ArrayList<>(names);
        hosts.forEach(host -> all.addAll(Ports.ofHost(routing, host)));
        return all;
    }
}
