package io.sendport.bench;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.NewMessage;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.pipeline.PipelineResult;
import io.sendport.host.pipeline.PipelineRun;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.pipeline.SpoolWorkspace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What every message costs, piece by piece, 4 KB, one thread; what is written is written a hundred at a time, with one sync. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PiecesBenchmark {

    private static final int GROUP = 100;

    private PipelineBox parts;
    private PipelineRun base64;
    private PipelineRun sevenBit;
    private Message message;
    private MessageBox box;

    /** Makes the parts. */
    @Setup
    public void prepare() throws Exception {
        parts = new PipelineBox();
        base64 = parts.pipeline("");
        sevenBit = parts.pipeline(" contentTransferEncoding='7bit'");
        message = new Message(MessageId.random(), Instant.now(), Context.empty(), List.of(part()));
        box = parts.box();
        box.instances().started("bench", "H");
    }

    private static Part part() {
        return Part.body("text/plain", Body.of(("x".repeat(76) + "\r\n").repeat(53), StandardCharsets.US_ASCII));
    }

    /** Ends them. */
    @TearDown
    public void end() throws Exception {
        base64.close();
        sevenBit.close();
        parts.close();
    }

    /** Renders a mail in base64, and seals it. */
    @Benchmark
    public PipelineResult assembleAndSealBase64() throws Exception {
        try (SpoolWorkspace workspace = new SpoolWorkspace(SpoolPlace.of(parts.folder(), false))) {
            return base64.run(message, workspace);
        }
    }

    /** As it is. */
    @Benchmark
    public PipelineResult assembleAndSealSevenBit() throws Exception {
        try (SpoolWorkspace workspace = new SpoolWorkspace(SpoolPlace.of(parts.folder(), false))) {
            return sevenBit.run(message, workspace);
        }
    }

    /** A record with one recipient, its share of a commit included. */
    @Benchmark
    @OperationsPerInvocation(GROUP)
    public void ledgerAppend() {
        Entry[] entries = new Entry[GROUP];
        for (int i = 0; i < GROUP; i++) {
            entries[i] = Entry.of(Kind.ACCEPTED)
                    .by("H", "bench")
                    .header("sha256", "ab".repeat(32))
                    .header("size", 4_096)
                    .detail("mimeMessageId", "<" + MessageId.random() + "@corp.example>")
                    .detail("recipients", List.of(Map.of("address", "b@customer.example", "outcome", "accepted")));
        }
        box.ledger().record(entries);
    }

    /** A message into the box, claimed and given back, its share of three commits included. */
    @Benchmark
    @OperationsPerInvocation(GROUP)
    public int putClaimAndRelease() throws Exception {
        List<NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < GROUP; i++) {
            messages.add(PipelineBox.message(part()));
        }
        box.inbox().put(messages);
        List<MessageRow> claimed = box.claims().claim(PipelineBox.PORT, "bench", GROUP);
        box.claims().release(claimed, "bench", Duration.ofDays(1));
        return claimed.size();
    }
}
