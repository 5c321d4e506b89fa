package io.sendport.camel;

import io.sendport.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;

/**
 * Derives a dedupe key from what identifies the exchange at its source. If the source delivers the exchange again after a crash, Sendport
 * recognizes it.
 */
final class SourceKey {

    /** Properties of an exchange that is a copy or a part of another: multicast, wire tap, split and loop. */
    private static final Set<ExchangePropertyKey> COPIES = Set.of(
            ExchangePropertyKey.CORRELATION_ID,
            ExchangePropertyKey.MULTICAST_INDEX,
            ExchangePropertyKey.SPLIT_INDEX,
            ExchangePropertyKey.LOOP_INDEX);

    private static final String SUBMISSIONS = "SendportSubmissions";

    private SourceKey() {}

    /**
     * Returns the key. A number in it distinguishes several submissions of one exchange.
     *
     * @return empty when the source does not identify its messages, or when the exchange is a copy or part of another exchange, because its
     *     siblings would have the same key
     */
    static Optional<String> of(Exchange exchange) {
        if (COPIES.stream().anyMatch(property -> exchange.getProperty(property) != null)) {
            return Optional.empty();
        }
        Message in = exchange.getMessage();
        // A digest, because a path may be longer than the maximum of a key.
        return header(in, "JMSMessageID")
                .or(() -> all(in, "kafka.TOPIC", "kafka.PARTITION", "kafka.OFFSET"))
                .or(() -> all(in, "CamelFileAbsolutePath", "CamelFileLength", "CamelFileLastModified"))
                .map(source ->
                        "feed:" + Sha256.hex(source.getBytes(StandardCharsets.UTF_8)) + "#" + submissions(exchange));
    }

    /** Records a submission of the exchange, so that its next submission gets another key. */
    static void recordSubmission(Exchange exchange) {
        exchange.setProperty(SUBMISSIONS, submissions(exchange) + 1);
    }

    private static int submissions(Exchange exchange) {
        return exchange.getProperty(SUBMISSIONS, 0, Integer.class);
    }

    private static Optional<String> header(Message in, String name) {
        return Optional.ofNullable(in.getHeader(name)).map(Object::toString).filter(value -> !value.isEmpty());
    }

    private static Optional<String> all(Message in, String... names) {
        StringJoiner joined = new StringJoiner("/");
        for (String name : names) {
            Optional<String> value = header(in, name);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            joined.add(value.get());
        }
        return Optional.of(joined.toString());
    }
}
