package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.component.MessageComponent;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.host.box.MessageState;
import io.sendport.testing.FakeAdapter;
import io.sendport.testing.InTurn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** What an application hands in: a component, a transport, a data source. */
@Timeout(300)
@InTurn
class HandedInIT {

    @TempDir
    private Path folder;

    private Path configuration(String messageBox) throws IOException {
        return Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  %s
                  <host name="H"/>
                  <pipeline name="Stamped"><preAssemble><component bean="stamp"/></preAssemble><assemble><mime/></assemble></pipeline>
                  <sendPort name="P" host="H" pipeline="Stamped">
                    <mail from="a@corp.example" to="b@customer.example" subject="%%Stamp%%"/>
                    <adapter bean="drawer"/>
                  </sendPort>
                </sendport>
                """.formatted(messageBox));
    }

    /** Keeps mails, and counts how often it is closed. */
    private static final class Drawer extends FakeAdapter {
        private final Queue<String> mails = new ConcurrentLinkedQueue<>();
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public DeliveryResult send(Delivery delivery, Lease lease) throws IOException {
            try (InputStream in = delivery.mail().open()) {
                mails.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            return DeliveryResult.accepted(delivery, "in the drawer");
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private static final MessageComponent STAMP = (message, scope) ->
            Optional.of(message.withContext(message.context().with("Stamp", "seen")));

    private static MessageId submit(Sendport sendport) {
        return sendport.submitter()
                .submit(new Submission(
                        "P",
                        Context.empty(),
                        List.of(Part.body("text/plain", Body.of("hello", StandardCharsets.US_ASCII))),
                        Optional.empty(),
                        "application"))
                .id();
    }

    @Test
    void sendsThroughTheComponentAndTheTransportOfTheApplication() throws Exception {
        Drawer drawer = new Drawer();
        try (Sendport sendport = Sendport.configuredBy(configuration("<messageBox url=\"jdbc:sqlite:box.db\"/>"))
                .component("stamp", STAMP)
                .adapter("drawer", drawer)
                .start()) {
            requireSent(sendport, drawer);
        }
        assertThat(drawer.closed).as("it is the application's").hasValue(0);
    }

    @Test
    void storesMessagesThroughTheApplicationsDataSource() throws Exception {
        Drawer drawer = new Drawer();
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(TestPostgres.newDatabase());
            pool.setUsername("postgres");
            pool.setPassword("postgres");
            pool.setMaximumPoolSize(20);
            // As with Spring and Hibernate.
            pool.setAutoCommit(false);
            pool.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
            String nowhere = "<messageBox url=\"jdbc:postgresql://127.0.0.1:1/nowhere\"/>";
            try (Sendport sendport = Sendport.configuredBy(configuration(nowhere))
                    .component("stamp", STAMP)
                    .adapter("drawer", drawer)
                    .dataSource(pool)
                    .start()) {
                requireSent(sendport, drawer);
            }
            assertThat(pool.isClosed()).as("it is the application's").isFalse();
            requireAsTheyCame(pool);
        }
    }

    /** All that the pool has, at once. */
    private static void requireAsTheyCame(HikariDataSource pool) throws Exception {
        List<Connection> all = new ArrayList<>();
        int idle = pool.getHikariPoolMXBean().getTotalConnections();
        try {
            for (int i = 0; i < idle; i++) {
                all.add(pool.getConnection());
            }
            for (Connection each : all) {
                assertThat(each.getAutoCommit()).isFalse();
                assertThat(each.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
                assertThat(each.unwrap(PGConnection.class).getDefaultFetchSize())
                        .isZero();
                try (Statement statement = each.createStatement();
                        ResultSet listens = statement.executeQuery("SELECT count(*) FROM pg_listening_channels()")) {
                    assertThat(listens.next()).isTrue();
                    assertThat(listens.getInt(1)).as("it listens to nothing").isZero();
                }
                each.rollback();
            }
        } finally {
            for (Connection each : all) {
                each.close();
            }
        }
    }

    private static void requireSent(Sendport sendport, Drawer drawer) throws InterruptedException {
        MessageId id = submit(sendport);
        assertThat(sendport.operations()
                        .submissions()
                        .await(id, Duration.ofMinutes(2))
                        .state())
                .isEqualTo(MessageState.DONE);
        assertThat(drawer.mails).singleElement().asString().contains("Subject: seen");
    }

    @Test
    void rejectsAConfigurationThatNamesUnknownInstances() throws Exception {
        Path file = configuration("<messageBox url=\"jdbc:sqlite:box.db\"/>");
        List<String> problems = new ArrayList<>();
        assertThatThrownBy(() -> Sendport.configuredBy(file)
                        .problems(problems::add)
                        .component("other", STAMP)
                        .start())
                .isInstanceOf(Sendport.ConfigurationRefusedException.class);
        assertThat(problems)
                .anyMatch(each -> each.contains("sendport.xml:4:")
                        && each.contains("unknown instance \"stamp\"")
                        && each.contains("[other]"))
                .anyMatch(each -> each.contains("sendport.xml:7:") && each.contains("unknown instance \"drawer\""));
    }
}
