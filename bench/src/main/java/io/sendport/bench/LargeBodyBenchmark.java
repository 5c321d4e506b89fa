package io.sendport.bench;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.config.Configuration;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.NewMessage;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.pipeline.PipelineResult;
import io.sendport.host.pipeline.PipelineRun;
import io.sendport.host.pipeline.Services;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.pipeline.SpoolWorkspace;
import io.sendport.host.store.commit.Access;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a body of 1 MB costs, piece by piece, one thread: microseconds for a body are thousandths of nanoseconds for a byte. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LargeBodyBenchmark {

    private static final String PORT = "P";
    private static final byte[] TEXT =
            ("x".repeat(76) + "\r\n").repeat(1_000_000 / 78).getBytes(StandardCharsets.US_ASCII);

    private Catalog catalog;
    private PipelineRun pipeline;
    private Path folder;
    private Message message;
    private MessageBox box;
    private MessageRow stored;

    /** Makes the parts. */
    @Setup
    public void prepare() throws Exception {
        folder = Files.createTempDirectory("sendport-bench-");
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'><pipeline name='Bench'>"
                        + "<assemble><mime contentTransferEncoding='7bit'/></assemble></pipeline><host name='H'/>"
                        + "<sendPort name='" + PORT + "' host='H' pipeline='Bench'>"
                        + "<smtp host='127.0.0.1' tls='none'/>"
                        + "<mail from='a@corp.example' to='b@customer.example' subject='bench'/></sendPort></sendport>");
        Configuration configuration = new ConfigurationReader(new CamelPlaceholders())
                .read(file)
                .configuration()
                .orElseThrow();
        SendPort port = configuration.ports().get(0);
        catalog = new Catalog(Extensions.of(folder.resolve("plugins")));
        pipeline = new PipelineRun(
                port, catalog, Services.bare("H", Clock.systemUTC(), Optional.empty()), Optional.empty(), 100);
        message = new Message(
                MessageId.random(),
                Instant.now(),
                Context.empty(),
                List.of(Part.body("text/plain", Body.wrapping(TEXT))));
        box = MessageBox.open(configuration.messageBox(), Access.CREATE, Clock.systemUTC());
        put();
        stored = box.queries().byPrefix("").get(0);
    }

    /** Ends them. */
    @TearDown
    public void end() throws Exception {
        box.close();
        pipeline.close();
        catalog.close();
    }

    /** One pass of SHA-256. A message needs three: of what is submitted, of what is read again, and of the finished mail. */
    @Benchmark
    public byte[] digest() throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(TEXT);
    }

    /** One copy. */
    @Benchmark
    public byte[] copy() {
        return TEXT.clone();
    }

    /** Renders the mail, checks it line by line, and hashes it. */
    @Benchmark
    public PipelineResult assembleAndSeal() throws Exception {
        try (SpoolWorkspace workspace = new SpoolWorkspace(SpoolPlace.of(folder, false))) {
            return pipeline.run(message, workspace);
        }
    }

    /** Into the message box, alone in its commit. */
    @Benchmark
    public Object put() throws Exception {
        return box.inbox()
                .put(new NewMessage(
                        MessageId.random(),
                        PORT,
                        "H",
                        "",
                        Instant.now(),
                        Context.empty(),
                        List.of(Part.body("text/plain", Body.wrapping(TEXT))),
                        Optional.empty(),
                        "bench",
                        Map.of(),
                        Optional.empty()));
    }

    /** Out of the message box, compared with the digest of what was submitted. */
    @Benchmark
    public long load() throws Exception {
        try (InputStream in = box.inbox().load(stored).parts().get(0).body().open()) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
