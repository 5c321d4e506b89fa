package io.sendport.bench;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.host.box.MessageRow;
import io.sendport.host.pipeline.PipelineResult;
import io.sendport.host.pipeline.PipelineRun;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.pipeline.SpoolWorkspace;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
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

    private static final byte[] TEXT =
            ("x".repeat(76) + "\r\n").repeat(1_000_000 / 78).getBytes(StandardCharsets.US_ASCII);

    private PipelineBox parts;
    private PipelineRun pipeline;
    private Message message;
    private MessageRow stored;

    /** Makes the parts. */
    @Setup
    public void prepare() throws Exception {
        parts = new PipelineBox();
        pipeline = parts.pipeline(" contentTransferEncoding='7bit'");
        message = new Message(MessageId.random(), Instant.now(), Context.empty(), List.of(part()));
        put();
        stored = parts.box().queries().byPrefix("").get(0);
    }

    private static Part part() {
        return Part.body("text/plain", Body.wrapping(TEXT));
    }

    /** Ends them. */
    @TearDown
    public void end() throws Exception {
        pipeline.close();
        parts.close();
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
        try (SpoolWorkspace workspace = new SpoolWorkspace(SpoolPlace.of(parts.folder(), false))) {
            return pipeline.run(message, workspace);
        }
    }

    /** Into the message box, alone in its commit. */
    @Benchmark
    public Object put() throws Exception {
        return parts.box().inbox().put(PipelineBox.message(part()));
    }

    /** Out of the message box, compared with the digest of what was submitted. */
    @Benchmark
    public long load() throws Exception {
        try (InputStream in =
                parts.box().inbox().load(stored).parts().get(0).body().open()) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
