package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import io.sendport.support.Failures;
import java.nio.file.Path;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** A store that is about to be replaced. No other process has it open. For one thread, while {@link Restore#swap} runs. */
public final class ReplacedStore {

    private final Path file;
    private final Jdbi jdbi;

    ReplacedStore(Path file, Jdbi jdbi) {
        this.file = file;
        this.jdbi = jdbi;
    }

    /**
     * Runs {@code query} on the old store and returns its result.
     *
     * @throws StoreException when the store is damaged or has another version
     */
    public <T> T read(Function<Handle, T> query) {
        try {
            return jdbi.withHandle(query::apply);
        } catch (JdbiException e) {
            throw new StoreException("cannot read the message box " + file + ": " + Failures.reason(e), e);
        }
    }
}
