package io.sendport.client;

import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomeSource;
import io.sendport.api.submit.Submitter;
import java.net.URI;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Submits messages to a Sendport in another process, and reads their status and outcomes. Thread-safe.
 *
 * <pre>{@code
 * try (SendportClient sendport = SendportClient.http(URI.create("https://sendport.corp.example:9877"), () -> token)) {
 *     Receipt receipt = sendport.submit(Submission.to("Invoices")
 *             .body("application/xml", Body.of(xml, UTF_8))
 *             .dedupeKey("invoice-4711")
 *             .by("billing")
 *             .build());
 * }
 * }</pre>
 *
 * <p>Give each submission a dedupe key. If no answer arrives, submit again with the same key; Sendport stores the message once.
 *
 * <p>{@link #outcomes} returns the outcomes of the messages that this client's token or database role submitted. docs/outbox.md shows a
 * consumer.
 */
public interface SendportClient extends Submitter, OutcomeSource, AutoCloseable {

    /**
     * Connects through the HTTP API; works with any message box.
     *
     * @param server such as {@code https://sendport.corp.example:9877}, without a path
     * @param token supplies the token for each request, so a renewed token takes effect immediately; see {@code sendport token add}
     * @throws IllegalArgumentException when {@code server} is not an http or https URL without a path
     */
    static SendportClient http(URI server, Supplier<String> token) {
        return new HttpSendportClient(server, token);
    }

    /**
     * Connects through the outbox of a message box on PostgreSQL, in the schema {@code sendport}. A submission is durable when its
     * transaction commits. This client then waits up to five seconds for a host to admit it.
     *
     * @param source connects with a role that may insert into the outbox; docs/outbox.md lists the rights
     */
    static SendportClient outbox(DataSource source) {
        return outbox(source, new TransactionalSubmitter());
    }

    /**
     * As {@link #outbox(DataSource)}, in the schema of {@code submitter}.
     *
     * @param submitter inserts the submissions of this client
     */
    static SendportClient outbox(DataSource source, TransactionalSubmitter submitter) {
        return new OutboxClient(source, submitter);
    }

    /**
     * Returns the status of a submission.
     *
     * @param id the id from its receipt
     * @throws io.sendport.api.submit.NotNowException when the store or the server is temporarily unavailable; try again later
     */
    Answer answer(MessageId id);

    /** Closes this client. A {@link DataSource} that you supplied stays open. */
    @Override
    void close();
}
