package io.sendport.test;

import io.sendport.api.adapter.SendAdapter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/** Runs the contract of adapters within one test; see {@link AdapterContract#of}. Not thread-safe. */
public final class AdapterVerification {

    private final Callable<? extends SendAdapter> adapter;
    private final Callable<? extends SendAdapter> toNobody;
    private final Callable<? extends Number> received;
    private @Nullable Callable<? extends SendAdapter> refusedForNow;
    private @Nullable Callable<? extends SendAdapter> refusedForGood;
    private Set<String> secrets = Set.of();

    AdapterVerification(
            Callable<? extends SendAdapter> adapter,
            Callable<? extends SendAdapter> toNobody,
            Callable<? extends Number> received) {
        this.adapter = adapter;
        this.toNobody = toNobody;
        this.received = received;
    }

    /** Sets how to create an adapter whose peer refuses every mail temporarily. Without it, the check is skipped. */
    public AdapterVerification refusedForNow(Callable<? extends SendAdapter> maker) {
        refusedForNow = maker;
        return this;
    }

    /** Sets how to create an adapter whose peer refuses every mail permanently. Without it, the check is skipped. */
    public AdapterVerification refusedForGood(Callable<? extends SendAdapter> maker) {
        refusedForGood = maker;
        return this;
    }

    /** Sets passwords and tokens of the adapter. They must not appear in results. */
    public AdapterVerification secrets(Set<String> values) {
        secrets = Set.copyOf(values);
        return this;
    }

    /**
     * Runs all checks.
     *
     * @throws AssertionError with every check that failed
     */
    public void verify() {
        Assertions.assertAll(
                "contract of adapters",
                each(Given::returnsExactlyOneResultForEachRecipient),
                each(Given::sendsSeveralDeliveriesOverOneConnection),
                each(Given::handsNothingOverOnceTheLeaseHasLapsed),
                each(Given::checksTheLeaseBeforeTheHandover),
                each(Given::defersTheMailWhenThePeerIsUnreachable),
                each(Given::defersAMailThatThePeerRefusesTemporarily),
                each(Given::refusesAMailThatThePeerRefusesPermanently),
                each(Given::neverReportsAnUnreadableMailAsAccepted),
                each(Given::sendsForSeveralThreadsAtOnce),
                each(Given::reportsTheTrueOutcomeWhenItsThreadIsInterrupted),
                each(Given::canBeClosedTwice),
                each(Given::revealsNeitherSecretsNorContent));
    }

    /** One check of the contract. */
    @FunctionalInterface
    private interface Check {
        void of(Given contract) throws Exception;
    }

    private Executable each(Check check) {
        return () -> check.of(new Given());
    }

    /** The contract with the given adapters. Does not count the mails of earlier checks. */
    private final class Given extends AdapterContract {

        private final int before;

        Given() throws Exception {
            before = received.call().intValue();
        }

        @Override
        protected SendAdapter adapter() throws Exception {
            return adapter.call();
        }

        @Override
        protected SendAdapter adapterToNobody() throws Exception {
            return toNobody.call();
        }

        @Override
        protected Optional<SendAdapter> adapterRefusedForNow() throws Exception {
            Callable<? extends SendAdapter> maker = refusedForNow;
            return maker == null ? Optional.empty() : Optional.of(maker.call());
        }

        @Override
        protected Optional<SendAdapter> adapterRefusedForGood() throws Exception {
            Callable<? extends SendAdapter> maker = refusedForGood;
            return maker == null ? Optional.empty() : Optional.of(maker.call());
        }

        @Override
        protected int received() throws Exception {
            return received.call().intValue() - before;
        }

        @Override
        protected Set<String> secrets() {
            return secrets;
        }
    }
}
