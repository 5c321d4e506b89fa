package io.sendport.bench;

import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.config.Configuration;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.NewMessage;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.pipeline.PipelineRun;
import io.sendport.host.pipeline.Services;
import io.sendport.host.store.commit.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A message box and pipelines in a folder of their own, for benchmarks of pieces. */
final class PipelineBox implements AutoCloseable {

    static final String PORT = "P";

    private final Path folder = Files.createTempDirectory("sendport-bench-");
    private final Catalog catalog = new Catalog(Extensions.of(folder.resolve("plugins")));
    private final MessageBox box;

    PipelineBox() throws Exception {
        box = MessageBox.open(configuration("").messageBox(), Access.CREATE, Clock.systemUTC());
    }

    private Configuration configuration(String mime) throws Exception {
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'><pipeline name='Bench'><assemble><mime" + mime
                        + "/></assemble></pipeline><host name='H'/><sendPort name='" + PORT
                        + "' host='H' pipeline='Bench'><smtp host='127.0.0.1' tls='none'/>"
                        + "<mail from='a@corp.example' to='b@customer.example' subject='bench'/></sendPort></sendport>");
        return new ConfigurationReader(new CamelPlaceholders())
                .read(file)
                .configuration()
                .orElseThrow();
    }

    /** A pipeline; {@code mime} has the attributes of its assembler. */
    PipelineRun pipeline(String mime) throws Exception {
        SendPort port = configuration(mime).ports().get(0);
        return new PipelineRun(
                port, catalog, Services.bare("H", Clock.systemUTC(), Optional.empty()), Optional.empty(), 100);
    }

    Path folder() {
        return folder;
    }

    MessageBox box() {
        return box;
    }

    /** A new message for the port. */
    static NewMessage message(Part part) {
        return new NewMessage(
                MessageId.random(),
                PORT,
                "H",
                "",
                Instant.now(),
                Context.empty(),
                List.of(part),
                Optional.empty(),
                "bench",
                Map.of(),
                Optional.empty());
    }

    @Override
    public void close() throws IOException {
        box.close();
        catalog.close();
    }
}
