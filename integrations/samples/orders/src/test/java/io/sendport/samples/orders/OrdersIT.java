package io.sendport.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.Submitter;
import io.sendport.client.Answer;
import io.sendport.client.SendportClient;
import io.sendport.host.Sendport;
import io.sendport.host.TestPostgres;
import io.sendport.host.box.MessageFilter;
import io.sendport.testing.DocumentedSql;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.IllegalTransactionStateException;

/** The application beside a host of Sendport, with a real PostgreSQL and a real SMTP dialogue. */
@Timeout(300)
@InTurn
class OrdersIT {

    @Test
    void mailsInvoicesOfCommittedOrdersOnly(@TempDir Path folder) throws Exception {
        String url = TestPostgres.newDatabase();
        String database = TestPostgres.database(url);
        TestPostgres.execute(database, "CREATE SCHEMA sendport");
        try (ScriptedServer relay = new ScriptedServer();
                Sendport host = Sendport.configuredBy(configuration(folder, url, relay.port()))
                        .start()) {
            prepare(database);
            try (ConfigurableApplicationContext application = new SpringApplicationBuilder(OrdersApplication.class)
                    .properties("spring.main.web-application-type=none", "spring.main.banner-mode=off")
                    .run("--spring.datasource.url=" + url)) {
                OrderService orders = application.getBean(OrderService.class);
                SendportClient sendport = application.getBean(SendportClient.class);
                MessageId invoice = orders.place("4711", "accounts@customer.example");
                assertThatThrownBy(() -> orders.placeWrongly("4712", "accounts@customer.example"))
                        .hasMessage("order 4712 is wrong");
                requireRefusalWithoutATransaction(application.getBean(Submitter.class));
                Patience.until(() -> sendport.answer(invoice) instanceof Answer.Admitted admitted && admitted.isDone());
                assertThat(relay.mails()).hasSize(1);
                assertThat(relay.mails().get(0))
                        .contains(
                                "Subject: Invoice 4711",
                                Base64.getEncoder()
                                        .encodeToString("Invoice for order 4711".getBytes(StandardCharsets.UTF_8)));
                assertThat(application
                                .getBean(JdbcTemplate.class)
                                .queryForList("SELECT number FROM orders", String.class))
                        .containsExactly("4711");
                JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
                Patience.until(() -> List.of("accepted")
                        .equals(jdbc.queryForList("SELECT invoice FROM orders", String.class)));
                assertThat(host.operations().messages().list(MessageFilter.all(), Optional.empty()))
                        .hasSize(1);
            }
        }
    }

    @Test
    void rollsBackTheInvoiceWithTheOrderInHostMode(@TempDir Path folder) throws Exception {
        String url = TestPostgres.newDatabase();
        String database = TestPostgres.database(url);
        TestPostgres.execute(database, "CREATE SCHEMA sendport");
        try (ScriptedServer relay = new ScriptedServer()) {
            Path file = configuration(folder, url, relay.port());
            // Makes the tables.
            Sendport.configuredBy(file).start().close();
            prepare(database);
            try (ConfigurableApplicationContext application = new SpringApplicationBuilder(OrdersApplication.class)
                    .properties("spring.main.web-application-type=none", "spring.main.banner-mode=off")
                    .run(
                            "--spring.datasource.url=" + url,
                            "--sendport.mode=host",
                            "--sendport.host.config=" + file,
                            "--sendport.host.transactions=mandatory")) {
                OrderService orders = application.getBean(OrderService.class);
                assertThatThrownBy(() -> orders.placeWrongly("4712", "accounts@customer.example"))
                        .hasMessage("order 4712 is wrong");
                orders.place("4711", "accounts@customer.example");
                JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
                Patience.until(() -> List.of("accepted")
                        .equals(jdbc.queryForList("SELECT invoice FROM orders", String.class)));
                assertThat(relay.mails()).hasSize(1);
                assertThat(relay.mails().get(0)).contains("Subject: Invoice 4711");
                requireRefusalWithoutATransaction(application.getBean(Submitter.class));
            }
        }
    }

    private static void requireRefusalWithoutATransaction(Submitter submitter) {
        assertThatThrownBy(() -> submitter.submit(Submission.to("Invoices")
                        .body("text/plain", Body.of("no order", StandardCharsets.UTF_8))
                        .by("orders")
                        .build()))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    private static Path configuration(Path folder, String url, int relay) throws Exception {
        return Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="%s?currentSchema=sendport" user="postgres" password="postgres"/>
                  <promote property="InvoiceNumber" audit="true"/>
                  <host name="Mail"><smtp host="127.0.0.1" port="%d" tls="none"/></host>
                  <sendPort name="Invoices" host="Mail">
                    <mail from="billing@corp.example" to="%%Customer%%" subject="Invoice %%InvoiceNumber%%"
                          domains="customer.example"/>
                  </sendPort>
                </sendport>
                """.formatted(url, relay));
    }

    private static void prepare(String database) throws Exception {
        TestPostgres.execute(
                database,
                "DO $$ BEGIN CREATE ROLE orders_app LOGIN; EXCEPTION WHEN duplicate_object THEN END $$;"
                        + DocumentedSql.under(Path.of("../../../docs/outbox.md"), "## Rights")
                        + "CREATE TABLE public.orders (number TEXT PRIMARY KEY, customer TEXT NOT NULL, invoice TEXT);"
                        + DocumentedSql.under(Path.of("../../../docs/spring-boot.md"), "## What became of a message")
                        + "GRANT SELECT, INSERT, UPDATE ON public.orders TO orders_app;"
                        + "GRANT SELECT, INSERT, UPDATE ON sendport_outcome_position TO orders_app");
    }
}
