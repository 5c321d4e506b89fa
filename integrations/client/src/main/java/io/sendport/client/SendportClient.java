package io.sendport.client;

import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomeSource;
import io.sendport.api.submit.Submitter;
import java.net.URI;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Submits messages to a Sendport that runs elsewhere, and asks what became of them. Safe for use by several threads.
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
 * <p>{@link #outcomes} gives what became of the messages that this client's token or database role submitted. docs/outbox.md shows a consumer.
 *
 * <p>Give each submission a dedupe key: where no answer came, the same submission with the same key can be made again and is stored once.
 */
public interface SendportClient extends Submitter, OutcomeSource, AutoCloseable {

    /**
     * Over the HTTP API, for a message box of any kind.
     *
     * @param server such as {@code https://sendport.corp.example:9877}, without a path
     * @param token gives the token for each request, so that a renewed one counts at once; see {@code sendport token add}
     * @throws IllegalArgumentException when {@code server} is not such an address
     */
    static SendportClient http(URI server, Supplier<String> token) {
        return new HttpSendportClient(server, token);
    }

    /**
     * Over the outbox of a message box on PostgreSQL, in its schema {@code sendport}. A submission is durable once it is committed there; this client then waits
     * up to five seconds for a host to admit it.
     *
     * @param source connections of a role that may insert into the outbox; docs/outbox.md has its rights
     */
    static SendportClient outbox(DataSource source) {
        return outbox(source, new TransactionalSubmitter());
    }

    /**
     * As {@link #outbox(DataSource)}, in the schema of {@code submitter}.
     *
     * @param submitter inserts what this client submits
     */
    static SendportClient outbox(DataSource source, TransactionalSubmitter submitter) {
        return new OutboxClient(source, submitter);
    }

    /**
     * What became of a submission.
     *
     * @param id the id of its receipt
     * @throws io.sendport.api.submit.NotNowException when nobody can be asked now
     */
    Answer answer(MessageId id);

    /** Frees what this client holds. A {@link DataSource} that was given stays open. */
    @Override
    void close();
}
