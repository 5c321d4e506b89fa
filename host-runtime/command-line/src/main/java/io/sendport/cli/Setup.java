package io.sendport.cli;

import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.operate.Operations;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command takes. */
final class Setup {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration; else $SENDPORT_CONFIG, else config/sendport.xml.")
    private @Nullable Path config;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @SuppressWarnings("UnusedVariable") // picocli looks at it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    boolean json() {
        return json;
    }

    Path file() {
        Path given = config;
        if (given != null) {
            return given;
        }
        return Path.of(Optional.ofNullable(System.getenv("SENDPORT_CONFIG")).orElse("config/sendport.xml"));
    }

    /** The whole configuration. */
    Reading read() {
        return new ConfigurationReader(new CamelPlaceholders()).read(file());
    }

    /** Only what a client command needs. */
    Routing routing() {
        return new ConfigurationReader(new CamelPlaceholders()).readRouting(file());
    }

    /** What can be done without changing anything; to be closed. */
    Operations reading() {
        return Operations.reading(routing(), Clock.systemUTC());
    }

    /** What can be done with the message box that is there; to be closed. */
    Operations changing() {
        return Operations.changing(routing(), Clock.systemUTC());
    }

    /** As {@link #changing}; a message box that isn't there yet is made. */
    Operations creating() {
        return Operations.creating(routing(), Clock.systemUTC());
    }

    /** The folder of plug-ins, beside {@code lib} of the installation. */
    static Path plugins() {
        return Path.of(System.getProperty("sendport.home", "."), "plugins");
    }
}
