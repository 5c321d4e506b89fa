package io.sendport.host.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedSourceTest {

    @ParameterizedTest
    @CsvSource({
        "jms:queue:a, transacted=true",
        "activemq:queue:a?concurrentConsumers=2, transacted=true",
        "jms:queue:a?transacted=false, transacted=true",
        "kafka:a?brokers=b:9092, autoCommitEnable=false",
        "kafka:a?autoCommitEnable=false, allowManualCommit=true",
        "kafka:a?autoCommitEnable=false&allowManualCommit=true, breakOnFirstError=true",
        "file:in?delete=true, moveFailed=.failed",
        "sftp:host/in?delete=true&delay=5, moveFailed=.failed"
    })
    void rejectsAnUnsafeSourceAndNamesTheRemedy(String uri, String remedy) {
        assertThat(FeedSource.fault(uri).orElseThrow()).contains(remedy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jms:queue:a?connectionFactory=%23cf&transacted=true",
                "jms:queue:a?acknowledgementModeName=CLIENT_ACKNOWLEDGE",
                "kafka:a?auto-commit-enable=false&allowManualCommit=true&breakOnFirstError=true",
                "file:in",
                "file:in?delete=true&moveFailed=.failed",
                "timer:x?period=1000",
                "direct:a"
            })
    void acceptsASafeSource(String uri) {
        assertThat(FeedSource.fault(uri)).isEmpty();
    }

    private static Exchange exchange(Map<String, Object> headers) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setHeaders(new java.util.HashMap<>(headers));
        return exchange;
    }

    /** As Camel's Kafka component puts one into each exchange. */
    public static final class Commit {
        private int commits;

        public void commit() {
            commits++;
        }
    }

    @Test
    void commitsTheKafkaOffsetWhenCommitsAreManual() {
        Commit commit = new Commit();
        FeedSource.acknowledge(exchange(Map.of("CamelKafkaManualCommit", commit)));
        assertThat(commit.commits).isEqualTo(1);
        FeedSource.acknowledge(exchange(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "file:in?moveFailed=.failed, false",
        "file:in?idempotent=true&idempotentEager=false, false",
        "file:in?preMove=.reading, true",
        "file:in?idempotent=true, true"
    })
    void leavesAFileInPlaceUnlessCamelMarkedIt(String uri, boolean isCamelsToUndo) throws Exception {
        Synchronization camels = new SynchronizationAdapter();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Exchange exchange = context.getEndpoint(uri).createExchange();
            exchange.getExchangeExtension().addOnCompletion(camels);
            FeedSource.release(exchange);
            assertThat(exchange.getExchangeExtension().containsOnCompletion(camels))
                    .isEqualTo(isCamelsToUndo);
        }
    }
}
