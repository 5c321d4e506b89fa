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

/** Takes orders. The order and its invoice commit together, or neither does. */
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
     * @return names the mail, in Sendport too
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

    /** As {@link #place}, for an order that turns out to be wrong at the end. */
    @Transactional
    public void placeWrongly(String number, String customer) {
        place(number, customer);
        throw new IllegalStateException("order " + number + " is wrong");
    }

    /** Notes at the order what became of its invoice, in the transaction that also keeps how far this listener has read. */
    @SendportListener(reader = "orders")
    public void invoiceSent(OutcomeEvent outcome) {
        jdbc.update(
                "UPDATE orders SET invoice = ? WHERE number = ?",
                outcome.kind().word(),
                outcome.properties().get("InvoiceNumber"));
    }
}
