package io.sendport.host.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
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
        "file:in?delete=true, moveFailed=.failed",
        "sftp:host/in?delete=true&delay=5, moveFailed=.failed"
    })
    void isRefusedWhereItLetsGoBeforeTheMessageIsOnDisk(String uri, String remedy) {
        assertThat(FeedSource.fault(uri).orElseThrow()).contains(remedy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jms:queue:a?connectionFactory=%23cf&transacted=true",
                "jms:queue:a?acknowledgementModeName=CLIENT_ACKNOWLEDGE",
                "kafka:a?auto-commit-enable=false&breakOnFirstError=true",
                "file:in",
                "file:in?delete=true&moveFailed=.failed",
                "timer:x?period=1000",
                "direct:a"
            })
    void isFineWhereItWaits(String uri) {
        assertThat(FeedSource.fault(uri)).isEmpty();
    }

    private static Exchange exchange(Map<String, Object> headers) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setHeaders(new java.util.HashMap<>(headers));
        return exchange;
    }

    @Test
    void knowsWhatItTookByItsSource() {
        Map<String, Object> file = Map.of(
                "CamelFileAbsolutePath",
                "/in/a.xml",
                "CamelFileLength",
                12L,
                "CamelFileLastModified",
                1_700_000_000_000L);
        assertThat(FeedSource.key(exchange(file)))
                .isEqualTo(FeedSource.key(exchange(file)))
                .isPresent();
        assertThat(FeedSource.key(exchange(Map.of("JMSMessageID", "ID:1"))).orElseThrow())
                .startsWith("ID:1");
        assertThat(FeedSource.key(exchange(Map.of("kafka.TOPIC", "t", "kafka.PARTITION", 3, "kafka.OFFSET", 42L)))
                        .orElseThrow())
                .startsWith("t/3/42");
        assertThat(FeedSource.key(exchange(Map.of("kafka.TOPIC", "t")))).isEmpty();
        assertThat(FeedSource.key(exchange(Map.of("Colour", "red")))).isEmpty();
    }

    @Test
    void tellsPartsAndSubmissionsOfOneExchangeApart() {
        Exchange exchange = exchange(Map.of("JMSMessageID", "ID:1"));
        exchange.setProperty(Exchange.SPLIT_INDEX, 7);
        String first = FeedSource.key(exchange).orElseThrow();
        assertThat(FeedSource.key(exchange)).get().isNotEqualTo(first);
        Exchange other = exchange(Map.of("JMSMessageID", "ID:1"));
        other.setProperty(Exchange.SPLIT_INDEX, 8);
        assertThat(FeedSource.key(other)).get().isNotEqualTo(first);
    }
}
