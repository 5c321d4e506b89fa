package io.sendport.host.operate.check;

import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.submit.Submission;
import io.sendport.config.Configuration;
import io.sendport.config.HostSettings;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.ConfigurationException;
import io.sendport.config.read.Reading;
import io.sendport.host.camel.HostCamelContext;
import io.sendport.host.operate.Refusal;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.pipeline.PipelineException;
import io.sendport.host.pipeline.PipelineResult;
import io.sendport.host.pipeline.PipelineRun;
import io.sendport.host.pipeline.Promotions;
import io.sendport.host.pipeline.Services;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.pipeline.SpoolWorkspace;
import io.sendport.host.run.submit.DynamicAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;

/** Runs the pipeline of a port for a message, to show the mails that the port would send. Stores and sends nothing. */
public final class DryRun {

    private final Reading reading;
    private final Extensions extensions;
    private final Clock clock;

    /** Uses the ports of {@code reading} and the plug-ins of {@code extensions}. */
    public DryRun(Reading reading, Extensions extensions, Clock clock) {
        this.reading = reading;
        this.extensions = extensions;
        this.clock = clock;
    }

    /** Receives the result of the pipeline. The bytes of the mails are deleted after {@link #read} returns. */
    @FunctionalInterface
    public interface Reader {
        /** Reads the result. */
        void read(PipelineResult result) throws Exception;
    }

    /**
     * Runs the pipeline of the port that {@code submission} names, and passes the result to {@code reader}.
     *
     * @throws RefusedException when the port does not exist, or the message would be suspended
     * @throws ConfigurationException when the configuration has errors
     * @throws Exception when {@code reader} throws it, or a component cannot be created
     */
    public void run(Submission submission, Reader reader) throws Exception {
        Configuration configuration =
                reading.configuration().orElseThrow(() -> new ConfigurationException(reading.problems()));
        SendPort port = configuration
                .port(submission.port())
                .orElseThrow(() -> reading.hasErrors()
                        ? new ConfigurationException(reading.errors())
                        : RefusedException.notFound("send port \"" + submission.port() + "\" does not exist"));
        HostSettings host = configuration.host(port.host()).orElseThrow();
        Path folder = Files.createTempDirectory("sendport-dry-run-");
        try (HostCamelContext camel = new HostCamelContext(
                        host.name(),
                        configuration.properties(),
                        Set.of(),
                        ignored -> {
                            throw new IllegalStateException("nothing is submitted in a dry run");
                        },
                        clock);
                Catalog catalog = new Catalog(extensions);
                SpoolWorkspace workspace = new SpoolWorkspace(SpoolPlace.of(
                        folder, configuration.messageBox().bodyKey().isPresent()));
                PipelineRun pipeline = pipeline(port, host, catalog, camel)) {
            reader.read(pipeline.run(message(submission, port, configuration), workspace));
        } catch (PipelineException e) {
            throw new RefusedException(new Refusal.Conflict("the message would be suspended: " + e.getMessage()), e);
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    private Message message(Submission submission, SendPort port, Configuration configuration) throws Exception {
        MessageId id = MessageId.random();
        Context promoted = new Promotions(configuration.promotions())
                .promote(
                        submission.context().with(MessageProperties.MESSAGE_ID, id.value()),
                        submission.parts().get(0).body())
                .context();
        Context addressed = DynamicAddress.of(port.name(), port.dynamic(), promoted);
        return new Message(id, clock.instant(), addressed, submission.parts());
    }

    private PipelineRun pipeline(SendPort port, HostSettings host, Catalog catalog, HostCamelContext camel)
            throws Exception {
        Services services = Services.bare(host.name(), clock, host.identity());
        boolean needsCamel = port.pipeline().preAssemble().stream()
                .anyMatch(each -> each.element().equals("camel"));
        return new PipelineRun(
                port,
                catalog,
                needsCamel ? camel.startAndAddTo(services) : services,
                host.redirectTo(),
                Integer.MAX_VALUE);
    }
}
