package io.sendport.test;

import io.sendport.api.component.AssembleScope;
import io.sendport.api.component.Assembler;
import io.sendport.api.component.Component;
import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.Encoder;
import io.sendport.api.component.MessageComponent;
import io.sendport.api.mail.Entity;
import io.sendport.api.message.Body;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/** Runs the contract of components within one test; see {@link ComponentContract#of}. Not thread-safe. */
public final class ComponentVerification {

    private final Component component;
    private IntFunction<Body> bodies = size -> ComponentContract.generated("", "text of the message\n", "", size);
    private boolean deterministic = true;
    private boolean takesEmptyBodies = true;
    private int largest = 64 * 1024 * 1024;
    private long heap = 16L * 1024 * 1024;
    private @Nullable AssembleScope assembleScope;

    ComponentVerification(Component component) {
        this.component = component;
    }

    /**
     * Sets how to create a body of about the given number of bytes that the component accepts; the default is lines of text. See {@link
     * ComponentContract#generated}.
     */
    public ComponentVerification bodies(IntFunction<Body> maker) {
        bodies = maker;
        return this;
    }

    /** Declares that the same message does not always give the same bytes, as with encryption. */
    public ComponentVerification notDeterministic() {
        deterministic = false;
        return this;
    }

    /** Declares that the component throws when the body is empty. */
    public ComponentVerification refusesEmptyBodies() {
        takesEmptyBodies = false;
        return this;
    }

    /**
     * Sets the size of the largest body, and the maximum heap that the component may use for it.
     *
     * @param bodyBytes the default is 64 MB
     * @param heapBytes the default is 16 MB
     */
    public ComponentVerification largest(int bodyBytes, long heapBytes) {
        largest = bodyBytes;
        heap = heapBytes;
        return this;
    }

    /** Sets the scope for an assembler; required only for assemblers. */
    public ComponentVerification assembleScope(AssembleScope scope) {
        assembleScope = scope;
        return this;
    }

    /**
     * Runs all checks, then closes the component twice.
     *
     * @throws AssertionError with every check that failed
     */
    public void verify() {
        try {
            Path spool = Files.createTempDirectory("sendport-contract-");
            try {
                Given contract = new Given(spool);
                Assertions.assertAll(
                        "contract of components",
                        contract::returnsTheSameBytesForTheSameMessage,
                        contract::servesManyThreadsAtOnce,
                        contract::acceptsAnEmptyBodyOrThrows,
                        contract::keepsNoLargeBodyOnTheHeap,
                        contract::keepsPartsThatItDoesNotUse,
                        closedTwice());
            } finally {
                delete(spool);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder for large content cannot be used", e);
        }
    }

    private Executable closedTwice() {
        return () -> {
            component.close();
            component.close();
        };
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(folder);
    }

    /** The contract with the given component. Closes it only at the end. */
    private final class Given extends ComponentContract<Component> {

        private final Path spool;

        Given(Path spool) {
            this.spool = spool;
        }

        @Override
        Path spool() {
            return spool;
        }

        @Override
        @SuppressWarnings("UnnecessaryLambda") // the lambdas omit close
        protected Component component() {
            if (component instanceof MessageComponent own) {
                return (MessageComponent) (message, scope) -> own.process(message, scope);
            }
            if (component instanceof Assembler own) {
                return (Assembler) (message, scope) -> own.assemble(message, scope);
            }
            Encoder own = (Encoder) component;
            return new Encoder() {
                @Override
                public Entity encode(Entity entity, EncodeScope scope) throws Exception {
                    return own.encode(entity, scope);
                }
            };
        }

        @Override
        protected Body body(int size) {
            return bodies.apply(size);
        }

        @Override
        protected boolean isDeterministic() {
            return deterministic;
        }

        @Override
        protected boolean takesEmptyBodies() {
            return takesEmptyBodies;
        }

        @Override
        protected int largest() {
            return largest;
        }

        @Override
        protected long heapForLargest() {
            return heap;
        }

        @Override
        protected AssembleScope assembleScope() {
            AssembleScope scope = assembleScope;
            return scope == null ? super.assembleScope() : scope;
        }
    }
}
