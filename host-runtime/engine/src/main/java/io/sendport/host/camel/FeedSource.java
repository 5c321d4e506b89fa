package io.sendport.host.camel;

import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks and acknowledges the sources of feeds, so that no message is lost before Sendport has stored it. */
final class FeedSource {

    private static final Set<String> JMS = Set.of("jms", "activemq", "activemq6", "amqp", "sjms", "sjms2");
    private static final Set<String> FILES = Set.of("file", "ftp", "sftp", "ftps");

    private static final Logger LOG = LoggerFactory.getLogger(FeedSource.class);

    private static final String KAFKA_COMMIT = "CamelKafkaManualCommit";

    private FeedSource() {}

    /**
     * Why a route that starts with {@code uri} may lose messages or retry a message endlessly, with the remedy; empty when no problem is
     * known.
     */
    static Optional<String> fault(String uri) {
        int colon = uri.indexOf(':');
        String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
        Map<String, String> options = options(uri);
        if (JMS.contains(scheme)) {
            boolean held = isTrue(options.get("transacted"))
                    || "CLIENT_ACKNOWLEDGE".equalsIgnoreCase(options.getOrDefault("acknowledgementmodename", ""));
            return held
                    ? Optional.empty()
                    : Optional.of(
                            "the broker gets the acknowledgement before the message is on disk, so a refused message is lost;"
                                    + " add transacted=true&lazyCreateTransactionManager=false");
        }
        if (scheme.equals("kafka")) {
            return kafkaFault(options)
                    .map(fault -> fault + "; add autoCommitEnable=false&allowManualCommit=true&breakOnFirstError=true");
        }
        boolean retriesEndlessly =
                FILES.contains(scheme) && isTrue(options.get("delete")) && !options.containsKey("movefailed");
        return retriesEndlessly
                ? Optional.of(
                        "a file that is refused permanently stays in the folder and is retried endlessly; add moveFailed=.failed")
                : Optional.empty();
    }

    private static Optional<String> kafkaFault(Map<String, String> options) {
        if (!"false".equalsIgnoreCase(options.getOrDefault("autocommitenable", "true"))) {
            return Optional.of(
                    "autoCommitEnable is not false, so offsets are committed at intervals, even if messages are not on disk");
        }
        if (!isTrue(options.get("allowmanualcommit"))) {
            return Optional.of(
                    "allowManualCommit is not true, so offsets are never committed, and all messages are delivered again after a"
                            + " restart");
        }
        return isTrue(options.get("breakonfirsterror"))
                ? Optional.empty()
                : Optional.of(
                        "breakOnFirstError is not true, so a message that fails is skipped, and lost with the next offset");
    }

    private static boolean isTrue(@Nullable String value) {
        return "true".equalsIgnoreCase(value);
    }

    /** The options by name, in lower case and without hyphens. */
    private static Map<String, String> options(String uri) {
        Map<String, String> options = new TreeMap<>();
        int mark = uri.indexOf('?');
        for (String pair : mark < 0 ? new String[0] : uri.substring(mark + 1).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                options.put(
                        pair.substring(0, equals).replace("-", "").toLowerCase(Locale.ROOT),
                        pair.substring(equals + 1));
            }
        }
        return options;
    }

    /**
     * Acknowledges an exchange that has completed successfully, if its consumer leaves that to the route: commits the offset of Kafka. Uses
     * reflection, because Sendport does not ship the Kafka component of Camel.
     */
    static void acknowledge(Exchange exchange) {
        Object commit = exchange.getMessage().getHeader(KAFKA_COMMIT);
        if (commit != null) {
            try {
                Method method = commit.getClass().getMethod("commit");
                method.invoke(commit);
            } catch (ReflectiveOperationException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                LOG.warn(
                        "route {}: cannot commit the Kafka offset: {}. No message is lost: after a restart Kafka delivers the"
                                + " message again, and Sendport detects the duplicate. If this repeats, check the Kafka broker",
                        exchange.getFromRouteId(),
                        String.valueOf(cause));
            }
        }
    }

    /**
     * Releases an exchange as if it had not been received. A file stays in its folder and is not moved to failed files. A broker delivers
     * its message again, because of the exception that the caller throws next.
     */
    static void release(Exchange exchange) {
        Endpoint source = exchange.getFromEndpoint();
        if (isMarking(source)) {
            return;
        }
        exchange.getExchangeExtension().handoverCompletions(new DefaultExchange(exchange.getContext()));
        if (source instanceof GenericFileEndpoint<?> files
                && exchange.getProperty(ExchangePropertyKey.FILE_EXCHANGE_FILE) instanceof GenericFile<?> file) {
            files.getInProgressRepository().remove(file.getAbsoluteFilePath());
        }
    }

    /** Whether the source moves a file, or marks it as seen, before it reads the file. Only the rollback of Camel can undo that. */
    private static boolean isMarking(@Nullable Endpoint source) {
        return source instanceof GenericFileEndpoint<?> files
                && (files.getPreMove() != null
                        || (Boolean.TRUE.equals(files.getIdempotent()) && files.isIdempotentEager()));
    }
}
