package io.sendport.cli.demo;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.submit.Submission;
import io.sendport.cli.option.CommonOptions;
import io.sendport.config.ConsoleSettings;
import io.sendport.config.read.Reading;
import io.sendport.console.Console;
import io.sendport.console.access.Grant;
import io.sendport.console.access.LogOnLink;
import io.sendport.console.api.ConfigurationAccess;
import io.sendport.host.Sendport;
import io.sendport.host.box.control.Actor;
import io.sendport.host.operate.Operations;
import io.sendport.host.pipeline.Extensions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The web console of the demo, with messages in several states. */
final class DemoConsole implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String ROLES = "reader,operator,auditor,admin,submitter";

    private final Operations operations;
    private final Console console;

    /** Creates the console of {@code sendport}, which runs with the configuration from {@code reading}. */
    DemoConsole(Sendport sendport, Supplier<Reading> reading) throws IOException {
        this.operations = sendport.operations();
        this.console = new Console(
                ConsoleSettings.onLoopback(operations.routing().tokens()),
                new ConfigurationAccess(reading, Extensions.of(CommonOptions.plugins())),
                Clock.systemUTC(),
                Duration.ofSeconds(1));
        console.serve(operations);
    }

    /** Submits one message to each sample port, and waits until each message has reached the state that its port produces. */
    void fill() throws InterruptedException {
        for (String port : new String[] {"Paused", "Unreachable", "NoCertificate", "Forgetful"}) {
            MessageId id = operations
                    .submissions()
                    .publish(Submission.to(port)
                            .body(
                                    "text/html; charset=utf-8",
                                    Body.of("<h1>Invoice 4711</h1><p>Total: 99.00 EUR</p>"
                                            .getBytes(StandardCharsets.UTF_8)))
                            .with("InvoiceNumber", "4711")
                            .by("demo")
                            .build())
                    .get(0)
                    .id();
            if (!port.equals("Paused")) {
                awaitFirstAttempt(id);
            }
        }
    }

    private void awaitFirstAttempt(MessageId id) throws InterruptedException {
        long until = System.nanoTime() + TIMEOUT.toNanos();
        while (operations.messages().view(id.value()).lastError().isEmpty() && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** A link that logs a browser on once, within one minute. */
    String link() {
        return LogOnLink.make(operations, console.url(), Actor.here(""), Grant.parse(ROLES));
    }

    /** Prints a link, and another one each time the user presses Enter, until the demo stops. */
    void stay(PrintWriter out) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        do {
            out.println("console    " + link());
            out.println(
                    "           Open it within one minute; it works once. Press Enter for another link, Ctrl-C to stop the demo.");
            out.flush();
        } while (in.readLine() != null);
        TimeUnit.DAYS.sleep(1);
    }

    @Override
    public void close() {
        console.close();
    }
}
