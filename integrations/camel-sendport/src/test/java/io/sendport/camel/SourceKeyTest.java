package io.sendport.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.impl.engine.SimpleCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SourceKeyTest {

    private static Exchange exchange(Map<String, Object> headers) {
        Exchange exchange = new DefaultExchange(new SimpleCamelContext());
        exchange.getMessage().setHeaders(new java.util.HashMap<>(headers));
        return exchange;
    }

    @Test
    void derivesTheKeyFromTheSource() {
        Map<String, Object> file = Map.of(
                "CamelFileAbsolutePath",
                "/in/a.xml",
                "CamelFileLength",
                12L,
                "CamelFileLastModified",
                1_700_000_000_000L);
        assertThat(SourceKey.of(exchange(file)))
                .isEqualTo(SourceKey.of(exchange(file)))
                .isPresent();
        assertThat(SourceKey.of(exchange(Map.of("JMSMessageID", "ID:1"))))
                .isPresent()
                .isNotEqualTo(SourceKey.of(exchange(Map.of("JMSMessageID", "ID:2"))));
        assertThat(SourceKey.of(exchange(Map.of("kafka.TOPIC", "t", "kafka.PARTITION", 3, "kafka.OFFSET", 42L)))
                        .orElseThrow())
                .hasSizeLessThan(100);
        assertThat(SourceKey.of(exchange(Map.of("kafka.TOPIC", "t")))).isEmpty();
        assertThat(SourceKey.of(exchange(Map.of("Color", "red")))).isEmpty();
    }

    @Test
    void shortensTheKeyOfALongPath() {
        assertThat(SourceKey.of(exchange(Map.of(
                                "CamelFileAbsolutePath",
                                "/in/" + "deep/".repeat(100) + "a.xml",
                                "CamelFileLength",
                                12L,
                                "CamelFileLastModified",
                                1L)))
                        .orElseThrow())
                .hasSizeLessThan(200);
    }

    @Test
    void changesTheKeyOnlyAfterASuccessfulSubmission() {
        Exchange exchange = exchange(Map.of("JMSMessageID", "ID:1"));
        String first = SourceKey.of(exchange).orElseThrow();
        assertThat(SourceKey.of(exchange)).contains(first);
        SourceKey.recordSubmission(exchange);
        assertThat(SourceKey.of(exchange)).get().isNotEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(
            value = ExchangePropertyKey.class,
            names = {"CORRELATION_ID", "MULTICAST_INDEX", "SPLIT_INDEX", "LOOP_INDEX"})
    void aCopyOrPartOfAnExchangeHasNoKey(ExchangePropertyKey property) {
        Exchange exchange = exchange(Map.of("JMSMessageID", "ID:1"));
        exchange.setProperty(property, 0);
        assertThat(SourceKey.of(exchange)).isEmpty();
    }
}
