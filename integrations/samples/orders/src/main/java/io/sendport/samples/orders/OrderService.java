package io.sendport.samples.orders;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.Submitter;
import io.sendport.spring.SendportListener;
import java.nio.charset.StandardCharsets;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Stores orders. An order and the submission of its invoice commit together, or neither does. */
@Service
public class OrderService {

    private final JdbcTemplate jdbc;
    private final Submitter sendport;

    OrderService(JdbcTemplate jdbc, Submitter sendport) {
        this.jdbc = jdbc;
        this.sendport = sendport;
    }

    /**
     * Stores an order and submits its invoice.
     *
     * @return the id of the message in Sendport
     */
    @Transactional
    public MessageId place(String number, String customer) {
        jdbc.update("INSERT INTO orders (number, customer) VALUES (?, ?)", number, customer);
        return sendport.submit(Submission.to("Invoices")
                        .body("text/plain", Body.of("Invoice for order " + number, StandardCharsets.UTF_8))
                        .with("InvoiceNumber", number)
                        .with("Customer", customer)
                        .dedupeKey("invoice-" + number)
                        .by("orders")
                        .build())
                .id();
    }

    /** As {@link #place}, but fails at the end, so that everything rolls back. */
    @Transactional
    public void placeWrongly(String number, String customer) {
        place(number, customer);
        throw new IllegalStateException("order " + number + " is wrong");
    }

    /** Records the outcome of an invoice, in the same transaction as the position of this listener. */
    @SendportListener(reader = "orders")
    public void invoiceSent(OutcomeEvent outcome) {
        jdbc.update(
                "UPDATE orders SET invoice = ? WHERE number = ?",
                outcome.kind().word(),
                outcome.properties().get("InvoiceNumber"));
    }
}
