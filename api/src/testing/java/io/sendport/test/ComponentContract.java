package io.sendport.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.component.AssembleScope;
import io.sendport.api.component.Assembler;
import io.sendport.api.component.Component;
import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.Encoder;
import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.Mail;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.message.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The behavior that the engine relies on in every component. Extend this class, supply your component, and run it as a JUnit 5 test. Each
 * test gets a new instance of the extending class. {@link #verify} and {@link #of} do the same within one test.
 *
 * @param <C> the kind of component
 */
@Timeout(300)
public abstract class ComponentContract<C extends Component> {

    private static final int THREADS = 4;
    private static final int EACH = 5;
    private static final String EXTRA = "a part that the component does not use";

    @TempDir
    private @Nullable Path spool;

    /**
     * Runs all checks within one test, on a component that accepts any text.
     *
     * @throws AssertionError with every check that failed
     */
    public static void verify(Component component) {
        of(component).verify();
    }

    /** Prepares the contract for one test, for a component that needs other settings than the defaults. */
    public static ComponentVerification of(Component component) {
        return new ComponentVerification(component);
    }

    /** Creates the component. */
    protected abstract C component() throws Exception;

    /** A body that the component accepts, of about {@code size} bytes. The same size returns the same content. */
    protected abstract Body body(int size);

    /** Whether the component accepts an empty body; otherwise it must throw. */
    protected boolean takesEmptyBodies() {
        return true;
    }

    /** Whether the same message always gives the same bytes. Encryption does not. */
    protected boolean isDeterministic() {
        return true;
    }

    /** The size of the largest body that the tests use, in bytes. A component that holds bodies on the heap may lower it. */
    protected int largest() {
        return 64 * 1024 * 1024;
    }

    /** The maximum heap that the component may use for the largest body, in bytes. */
    protected long heapForLargest() {
        return 16L * 1024 * 1024;
    }

    /** The scope for an assembler; required only for assemblers. */
    protected AssembleScope assembleScope() {
        throw new UnsupportedOperationException("override assembleScope() in the contract of an assembler");
    }

    /** The scope for an encoder; used only for encoders. */
    protected EncodeScope encodeScope() {
        return new TestScopes.Encoding(workspace(), List.of(MailAddress.parse("a@customer.example")));
    }

    /** The folder for large content. */
    Path spool() {
        return Objects.requireNonNull(spool, "JUnit did not set the folder");
    }

    /** Writes all content to files, so that the used heap is what the component keeps. */
    protected Workspace workspace() {
        return writer -> {
            Path file = Files.createTempFile(spool(), "body", ".spool");
            try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(file))) {
                writer.writeTo(out);
            }
            return new FileBody(file, Files.size(file));
        };
    }

    private MessageScope scope() {
        return TestScopes.message(workspace());
    }

    private record FileBody(Path file, long size) implements Body {
        @Override
        public InputStream open() throws IOException {
            return new java.io.BufferedInputStream(Files.newInputStream(file));
        }
    }

    /** A body of {@code size} bytes that uses no heap: {@code start}, then {@code filler} repeated, then {@code end}. */
    public static Body generated(String start, String filler, String end, int size) {
        byte[] first = start.getBytes(StandardCharsets.US_ASCII);
        byte[] again = filler.getBytes(StandardCharsets.US_ASCII);
        byte[] last = end.getBytes(StandardCharsets.US_ASCII);
        int middle = Math.max(0, size - first.length - last.length) / again.length * again.length;
        return new Body() {
            @Override
            public InputStream open() {
                return new InputStream() {
                    private int at;

                    @Override
                    public int read() {
                        int now = at++;
                        if (now < first.length) {
                            return first[now];
                        }
                        if (now < first.length + middle) {
                            return again[(now - first.length) % again.length];
                        }
                        int tail = now - first.length - middle;
                        return tail < last.length ? last[tail] : -1;
                    }

                    @Override
                    public int read(byte[] bytes, int from, int count) {
                        int i = 0;
                        for (int next; i < count && (next = read()) >= 0; i++) {
                            bytes[from + i] = (byte) next;
                        }
                        return i == 0 && count > 0 ? -1 : i;
                    }
                };
            }

            @Override
            public long size() {
                return (long) first.length + middle + last.length;
            }
        };
    }

    /** A message with the body and one more part. */
    protected Message message(Body body) {
        return new Message(
                new MessageId("6f0c2b1e-0000-4000-8000-000000000001"),
                Instant.parse("2026-11-21T08:00:00Z"),
                Context.empty(),
                List.of(
                        Part.body("application/xml", body),
                        new Part("extra", "text/plain", Context.empty(), Body.of(EXTRA, StandardCharsets.US_ASCII))));
    }

    /** The SHA-256 of the result for {@code body}; empty when the component consumed the message. */
    private Optional<String> made(C component, Body body) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            if (component instanceof MessageComponent each) {
                Optional<Message> after = each.process(message(body), scope());
                if (after.isEmpty()) {
                    return Optional.empty();
                }
                for (Part part : after.get().parts()) {
                    out.write(part.name().getBytes(StandardCharsets.UTF_8));
                    copy(part.body(), out);
                }
            } else if (component instanceof Assembler each) {
                Mail mail = each.assemble(message(body), assembleScope());
                mail.header().writeTo(out);
                mail.entity().writeTo(out);
            } else if (component instanceof Encoder each) {
                HeaderFields header = HeaderFields.none().plus("Content-Type", "application/xml");
                each.encode(new Entity(header, body), encodeScope()).writeTo(out);
            }
        }
        return Optional.of(HexFormat.of().formatHex(digest.digest()));
    }

    private static void copy(Body body, OutputStream out) throws IOException {
        long[] count = new long[1];
        try (InputStream in = body.open()) {
            count[0] = in.transferTo(out);
        }
        assertThat(body.size())
                .as("size() equals the number of bytes that open() returns")
                .isEqualTo(count[0]);
    }

    @Test
    public void returnsTheSameBytesForTheSameMessage() throws Exception {
        try (C component = component()) {
            Optional<String> first = made(component, body(10_000));
            if (isDeterministic()) {
                assertThat(made(component, body(10_000))).isEqualTo(first);
            } else {
                assertThat(made(component, body(10_000)).isPresent()).isEqualTo(first.isPresent());
            }
        }
    }

    @Test
    public void servesManyThreadsAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (C component = component()) {
            List<Optional<String>> alone = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                alone.add(made(component, body(1_000 * (i + 1))));
            }
            List<Future<Optional<String>>> together = new ArrayList<>();
            for (int i = 0; i < THREADS * EACH; i++) {
                int size = 1_000 * (i % THREADS + 1);
                together.add(threads.submit(() -> made(component, body(size))));
            }
            for (int i = 0; i < THREADS * EACH; i++) {
                Optional<String> result = together.get(i).get();
                if (isDeterministic()) {
                    assertThat(result).as("a message of thread " + i).isEqualTo(alone.get(i % THREADS));
                } else {
                    assertThat(result.isPresent())
                            .isEqualTo(alone.get(i % THREADS).isPresent());
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    public void acceptsAnEmptyBodyOrThrows() throws Exception {
        try (C component = component()) {
            boolean goesOn = made(component, body(1_000)).isPresent();
            if (takesEmptyBodies()) {
                made(component, Body.EMPTY);
            } else {
                assertThatThrownBy(() -> made(component, Body.EMPTY)).isInstanceOf(Exception.class);
            }
            assertThat(made(component, body(1_000)).isPresent())
                    .as("the next message is passed on")
                    .isEqualTo(goesOn);
        }
    }

    @Test
    public void keepsNoLargeBodyOnTheHeap() throws Exception {
        try (C component = component()) {
            made(component, body(1_000));
            Measured large = new Measured(body(largest()), used());
            made(component, large);
            assertThat(large.most)
                    .as("bytes of heap in use after the component read a body of %s bytes", large.size())
                    .isLessThan(heapForLargest());
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Records the used heap whenever a reader reaches the end. */
    private static final class Measured implements Body {
        private final Body body;
        private final long before;
        private volatile long most;

        Measured(Body body, long before) {
            this.body = body;
            this.before = before;
        }

        @Override
        public InputStream open() throws IOException {
            return new java.io.FilterInputStream(body.open()) {
                @Override
                public int read() throws IOException {
                    return noted(super.read());
                }

                @Override
                public int read(byte[] bytes, int from, int count) throws IOException {
                    return noted(super.read(bytes, from, count));
                }
            };
        }

        private int noted(int result) {
            if (result < 0) {
                most = Math.max(most, used() - before);
            }
            return result;
        }

        @Override
        public long size() {
            return body.size();
        }
    }

    @Test
    public void keepsPartsThatItDoesNotUse() throws Exception {
        try (C component = component()) {
            if (component instanceof MessageComponent each) {
                Optional<Message> after = each.process(message(body(1_000)), scope());
                if (after.isPresent()) {
                    assertThat(after.get().id()).isEqualTo(message(Body.EMPTY).id());
                    assertThat(after.get().parts())
                            .filteredOn(part -> part.name().equals("extra"))
                            .hasSize(1);
                }
            }
        }
    }

    @Test
    public void canBeClosedTwice() throws Exception {
        C component = component();
        made(component, body(1_000));
        component.close();
        component.close();
    }
}
