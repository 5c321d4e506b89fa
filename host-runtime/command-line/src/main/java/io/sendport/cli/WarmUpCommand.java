package io.sendport.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.config.ConsoleSettings;
import io.sendport.console.Console;
import io.sendport.console.ObserveEndpoint;
import io.sendport.console.api.ConfigurationAccess;
import io.sendport.host.Sendport;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.pipeline.Extensions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Runs the most common commands on a temporary message box, so that the JVM loads their classes. The start script uses it only to
 * create the class data sharing archive.
 */
@Command(
        name = "warm-up",
        hidden = true,
        description = "Used by the start script: loads the classes for the class data sharing archive.")
final class WarmUpCommand implements Callable<Integer> {

    private static final String CONFIGURATION = """
            <sendport xmlns="urn:sendport:config:1">
              <host name="Mail"><auditRelay embedded="true" archive="relay"/></host>
              <sendPort name="Invoices" host="Mail">
                <mail from="a@corp.example" to="b@customer.example" subject="%MIME.FileName%">
                  <body text="Attached."/>
                  <attach parts="all"/>
                </mail>
              </sendPort>
            </sendport>
            """;

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("sendport-warm-up");
        try {
            Path config = Files.writeString(folder.resolve("sendport.xml"), CONFIGURATION);
            Path file = Files.writeString(folder.resolve("invoice.xml"), "<invoice/>");
            System.setOut(new PrintStream(OutputStream.nullOutputStream()));
            System.setErr(System.out);
            String c = config.toString();
            execute("validate", "-c", c);
            String id = run(config, () -> execute("submit", "-c", c, "--port", "Invoices", "--wait", file.toString()));
            for (List<String> command : List.of(
                    List.of("status"),
                    List.of("ports"),
                    List.of("messages", "list"),
                    List.of("messages", "list", "--json"),
                    List.of("messages", "explain", id),
                    List.of("audit", "search"),
                    List.of("audit", "verify"))) {
                execute(Stream.concat(command.stream(), Stream.of("-c", c)).toArray(String[]::new));
            }
            return ExitStatus.DONE;
        } finally {
            delete(folder);
        }
    }

    private static void execute(String... arguments) {
        SendportCommand.execute(arguments);
    }

    /** Runs the host and {@code task}, and returns the id of the message that {@code task} submits. */
    private static String run(Path config, Runnable task) throws Exception {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Sendport sendport = Sendport.configuredBy(config)
                        .plugins(CommonOptions.plugins())
                        .meters(meters)
                        .start();
                ObserveEndpoint observatory =
                        new ObserveEndpoint(Optional.of(onFreePort(config)), meters, sendport::health);
                Console console = console(config)) {
            console.serve(sendport.operations());
            request(console.url() + "/api/v1/status");
            request("http://" + observatory.address() + "/observe/metrics");
            task.run();
            return sendport.operations()
                    .messages()
                    .list(MessageFilter.all(), Optional.of(1))
                    .get(0)
                    .id()
                    .value();
        }
    }

    /** A host that starts during the warm-up must get the standard port. */
    private static Settings onFreePort(Path config) {
        Origin origin = new Origin(config, 0, 0);
        return new Settings("observe", origin, Map.of("port", new Setting("0", "0", origin)), List.of(), "");
    }

    private static Console console(Path config) throws IOException {
        ConfigurationAccess workbench = new ConfigurationAccess(
                () -> {
                    throw new IllegalStateException("the warm-up does not read the configuration");
                },
                Extensions.of(CommonOptions.plugins()));
        return new Console(
                ConsoleSettings.onLoopback(config.resolveSibling("tokens")),
                workbench,
                Clock.systemUTC(),
                Duration.ofSeconds(1));
    }

    /** Ignores the response: the request loads the classes, which is all that matters. */
    private static void request(String address) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address).toURL().openConnection();
        connection.getResponseCode();
        connection.disconnect();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
