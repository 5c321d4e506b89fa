package io.sendport.cli.option;

import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.operate.Operations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command takes. */
public final class Setup {

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

    private @Nullable Routing routing;

    private static final Path STANDARD = Path.of("config", "sendport.xml");

    public boolean json() {
        return json;
    }

    public Path file() {
        Path given = config;
        if (given != null) {
            return given;
        }
        String named = System.getenv("SENDPORT_CONFIG");
        if (named == null && !Files.exists(STANDARD)) {
            throw new UsageException(
                    "there is no file " + STANDARD
                            + ", and no other was named; give one with -c FILE or $SENDPORT_CONFIG, or have one written: `sendport init`");
        }
        return named == null ? STANDARD : Path.of(named);
    }

    /** The whole configuration. */
    public Reading read() {
        return new ConfigurationReader(new CamelPlaceholders()).read(file());
    }

    /** Only what a client command needs; read once. */
    public Routing routing() {
        Routing read = routing;
        if (read == null) {
            read = new ConfigurationReader(new CamelPlaceholders()).readRouting(file());
            routing = read;
        }
        return read;
    }

    /** What can be done without changing anything; to be closed. */
    public Operations reading() {
        return Operations.reading(routing(), Clock.systemUTC());
    }

    /** What can be done with the message box that is there; to be closed. */
    public Operations changing() {
        return Operations.changing(routing(), Clock.systemUTC());
    }

    /** As {@link #changing}; a message box that isn't there yet is made. */
    public Operations creating() {
        return Operations.creating(routing(), Clock.systemUTC());
    }

    /** The folder of plug-ins, beside {@code lib} of the installation. */
    public static Path plugins() {
        return Path.of(System.getProperty("sendport.home", "."), "plugins");
    }
}
