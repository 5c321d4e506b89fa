package io.sendport.host.cli;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Properties;
import io.sendport.api.settings.Problem;
import io.sendport.api.submit.Submission;
import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationException;
import io.sendport.config.HostSettings;
import io.sendport.config.Reading;
import io.sendport.config.SendPort;
import io.sendport.host.camel.CamelShell;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.PipelineException;
import io.sendport.host.pipeline.PipelineResult;
import io.sendport.host.pipeline.PipelineRun;
import io.sendport.host.pipeline.PluginFolder;
import io.sendport.host.pipeline.Promotions;
import io.sendport.host.pipeline.Services;
import io.sendport.host.pipeline.SpoolWorkspace;
import io.sendport.host.run.DynamicAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/** {@code submit --dry-run}: the mail as it would be sent. */
final class DryRun {

    private DryRun() {}

    static int print(Setup setup, List<Submission> submissions, PrintWriter out, PrintWriter err) throws Exception {
        Reading reading = setup.read();
        Configuration configuration =
                reading.configuration().orElseThrow(() -> new ConfigurationException(reading.problems()));
        int status = ExitStatus.DONE;
        for (Submission submission : submissions) {
            SendPort port = configuration
                    .port(submission.port())
                    .orElseThrow(() -> reading.hasErrors()
                            ? new ConfigurationException(errors(reading))
                            : new UsageException("there is no send port \"" + submission.port() + "\""));
            HostSettings host = configuration.host(port.host()).orElseThrow();
            status = Math.max(status, print(configuration, host, port, submission, out, err));
        }
        return status;
    }

    private static List<Problem> errors(Reading reading) {
        return reading.problems().stream()
                .filter(each -> each.severity() == Problem.Severity.ERROR)
                .toList();
    }

    private static int print(
            Configuration configuration,
            HostSettings host,
            SendPort port,
            Submission submission,
            PrintWriter out,
            PrintWriter err)
            throws Exception {
        Clock clock = Clock.systemUTC();
        Path folder = Files.createTempDirectory("sendport-dry-run-");
        MessageId id = MessageId.random();
        try (CamelShell camel = new CamelShell(host.name(), configuration.properties(), java.util.Set.of(), ignored -> {
                    throw new IllegalStateException("nothing is submitted in a dry run");
                });
                Catalog catalog = new Catalog(new PluginFolder(Setup.plugins()));
                SpoolWorkspace workspace = new SpoolWorkspace(folder);
                PipelineRun pipeline = pipeline(port, host, catalog, camel, clock)) {
            Context promoted = new Promotions(configuration.promotions())
                    .promote(
                            submission.context().with(Properties.MESSAGE_ID, id.value()),
                            submission.parts().get(0).body())
                    .context();
            Context addressed = DynamicAddress.of(port.name(), port.dynamic(), promoted);
            PipelineResult result =
                    pipeline.run(new Message(id, clock.instant(), addressed, submission.parts()), workspace);
            print(result, out, err);
            return ExitStatus.DONE;
        } catch (PipelineException e) {
            err.println("sendport: the message would be suspended: " + e.getMessage());
            return ExitStatus.WRONG;
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    private static PipelineRun pipeline(
            SendPort port, HostSettings host, Catalog catalog, CamelShell camel, Clock clock) throws Exception {
        Services services = Services.bare(host.name(), clock, host.identity());
        boolean needsCamel = port.pipeline().preAssemble().stream()
                .anyMatch(each -> each.element().equals("camel"));
        if (needsCamel) {
            camel.start();
            services = services.with(CamelContext.class, camel.context());
        }
        return new PipelineRun(port, catalog, services, host.redirectTo(), Integer.MAX_VALUE);
    }

    private static void print(PipelineResult result, PrintWriter out, PrintWriter err) throws Exception {
        if (result instanceof PipelineResult.Consumed consumed) {
            out.println("consumed by " + consumed.by() + ": nothing would be sent");
            return;
        }
        for (Delivery delivery : ((PipelineResult.Sealed) result).deliveries()) {
            err.println("delivery " + delivery.number() + ": from "
                    + delivery.sender().map(MailAddress::toString).orElse("<>") + " to "
                    + delivery.recipients().stream().map(MailAddress::toString).collect(Collectors.joining(", ")));
            print(delivery.mail(), out);
        }
    }

    /** Line by line, as text: a mail in 8-bit transfer encoding may hold what a terminal obeys. */
    private static void print(Body mail, PrintWriter out) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(mail.open(), StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                out.print(line);
                out.print("\r\n");
            }
        }
        out.flush();
    }
}
