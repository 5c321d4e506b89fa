package io.sendport.cli.option;

import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.condition.ConditionText;
import io.sendport.host.operate.Operations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command. */
public final class CommonOptions {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration. Default: $SENDPORT_CONFIG, or else config/sendport.xml.")
    private @Nullable Path config;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @SuppressWarnings("UnusedVariable") // picocli reads it
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
            throw new UsageException("no configuration: there is no file " + STANDARD
                    + "; name another file with -c FILE or $SENDPORT_CONFIG, or create one with `sendport init`");
        }
        return named == null ? STANDARD : Path.of(named);
    }

    /** The text, with the option {@code -c} in each of its commands if it was given here, so that users can copy them. */
    public String commandsIn(String text) {
        Path given = config;
        return given == null
                ? text
                : text.replaceAll(
                        "`(sendport [^`]+)`",
                        Matcher.quoteReplacement("`") + "$1"
                                + Matcher.quoteReplacement(" -c " + ConditionText.quoted(given.toString()) + "`"));
    }

    /** Reads the whole configuration. */
    public Reading read() {
        return new ConfigurationReader(new CamelPlaceholders()).read(file());
    }

    /** The part of the configuration that a client command needs. It is read once. */
    public Routing routing() {
        Routing read = routing;
        if (read == null) {
            read = new ConfigurationReader(new CamelPlaceholders()).readRouting(file());
            routing = read;
        }
        return read;
    }

    /** Opens the existing message box read-only. The caller closes it. */
    public Operations reading() {
        return Operations.reading(routing(), Clock.systemUTC());
    }

    /** As {@link #reading}, with another database user if one was given. */
    public Operations readingAs(DatabaseUser user) throws IOException {
        return Operations.reading(routing().in(user.of(routing().messageBox())), Clock.systemUTC());
    }

    /** Opens the existing message box for changes. The caller closes it. */
    public Operations changing() {
        return Operations.changing(routing(), Clock.systemUTC());
    }

    /** As {@link #changing}, with another database user if one was given. */
    public Operations changingAs(DatabaseUser user) throws IOException {
        return Operations.changing(routing().in(user.of(routing().messageBox())), Clock.systemUTC());
    }

    /** As {@link #changing}, but creates the message box if it does not exist. */
    public Operations creating() {
        return Operations.creating(routing(), Clock.systemUTC());
    }

    /** The folder of plug-ins, next to the folder {@code lib} of the installation. */
    public static Path plugins() {
        return Path.of(System.getProperty("sendport.home", "."), "plugins");
    }
}
