package io.sendport.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class FailuresTest {

    private final Throwable root = new SocketTimeoutException("no answer");
    private final Throwable failure = new IllegalStateException("outer", new IOException("middle", root));

    @Test
    void findsTheRootCause() {
        assertThat(Failures.root(failure)).isSameAs(root);
        assertThat(Failures.root(root)).isSameAs(root);
    }

    @Test
    void returnsTheMessageOfTheRootCauseOrItsClassName() {
        assertThat(Failures.reason(failure)).isEqualTo("no answer");
        assertThat(Failures.reason(new IOException("outer", new IllegalStateException())))
                .isEqualTo("IllegalStateException");
    }

    @Test
    void findsACauseByItsType() {
        assertThat(Failures.find(failure, IOException.class))
                .hasValueSatisfying(found -> assertThat(found).hasMessage("middle"));
        assertThat(Failures.find(failure, SocketTimeoutException.class)).containsSame((SocketTimeoutException) root);
        assertThat(Failures.find(failure, InterruptedException.class)).isEmpty();
    }

    @Test
    void stopsWhenTheChainOfCausesIsCyclic() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        assertThat(Failures.root(first)).isSameAs(second);
        assertThat(Failures.find(first, IOException.class)).isEmpty();
    }

    @Test
    void givesAReasonInOneLine() {
        assertThat(Failures.reason(
                        new IllegalStateException("ERROR: permission denied for schema sendport\n  Position: 14")))
                .isEqualTo("ERROR: permission denied for schema sendport; Position: 14");
    }
}
