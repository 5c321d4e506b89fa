package io.sendport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.outcome.OutcomeKind;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.host.Sendport;
import io.sendport.host.TestPostgres;
import io.sendport.testing.DocumentedSql;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** An application whose role may insert into the outbox and nothing else, beside a host that admits. */
@Timeout(300)
@InTurn
class OutboxIT {

    private static final Path PAGE = Path.of("../../docs/outbox.md");
    private static final Path SQL_PAGE = Path.of("../../docs/outbox-sql.md");
    private static final String APPLICATION = "orders_app";

    @TempDir
    private Path folder;

    private String url;
    private ScriptedServer relay;
    private Sendport host;
    private final PGSimpleDataSource application = new PGSimpleDataSource();
    private SendportClient client;

    @BeforeEach
    void start() throws Exception {
        url = TestPostgres.newDatabase();
        owner("CREATE SCHEMA sendport");
        relay = new ScriptedServer().offering("250-test\r\n250 SIZE 100000000");
        host = host();
        owner("DO $$ BEGIN CREATE ROLE " + APPLICATION + " LOGIN; EXCEPTION WHEN duplicate_object THEN END $$");
        owner(DocumentedSql.under(PAGE, "## Rights"));
        owner("CREATE TABLE public.orders (number TEXT PRIMARY KEY); GRANT INSERT, SELECT ON public.orders TO "
                + APPLICATION);
        application.setUrl(url);
        application.setUser(APPLICATION);
        client = SendportClient.outbox(application);
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        relay.close();
    }

    private Sendport host() throws Exception {
        Path file = Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="%s?currentSchema=sendport" user="postgres" password="postgres"/>
                  <promote property="InvoiceNumber" audit="true"/>
                  <host name="Mail"><smtp host="127.0.0.1" port="%d" tls="none"/></host>
                  <sendPort name="Invoices" host="Mail">
                    <mail from="a@corp.example" to="b@customer.example" subject="%%InvoiceNumber%%"/>
                    <limits maxMessageSize="4MB"/>
                  </sendPort>
                  <sendPort name="Reminders" host="Mail" ordered="true">
                    <mail from="a@corp.example" to="b@customer.example" subject="%%N%%"><attach parts="all"/></mail>
                  </sendPort>
                  <sendPort name="Payroll" host="Mail">
                    <mail from="a@corp.example" to="b@customer.example"/>
                  </sendPort>
                  <sendPort name="RemindNobody" host="Mail" initialState="stopped">
                    <mail from="a@corp.example" to="b@customer.example"/>
                    <limits maxWaiting="1"/>
                  </sendPort>
                </sendport>
                """.formatted(url, relay.port()));
        return Sendport.configuredBy(file).start();
    }

    private void owner(String sql) {
        TestPostgres.execute(TestPostgres.database(url), sql);
    }

    private static Submission.Builder invoice(String number) {
        return Submission.to("Invoices")
                .body("application/xml", Body.of("<Invoice number=\"" + number + "\"/>", StandardCharsets.UTF_8))
                .with("InvoiceNumber", number)
                .by("orders");
    }

    private void awaitMails(int count) throws Exception {
        Patience.until(count + " mails", () -> relay.mails().size() >= count);
        assertThat(relay.mails()).hasSize(count);
    }

    private List<String> subjects() {
        return relay.mails().stream()
                .flatMap(mail -> Pattern.compile("(?m)^Subject: (.*?)\\r?$")
                        .matcher(mail)
                        .results()
                        .limit(1))
                .map(each -> each.group(1))
                .toList();
    }

    @Test
    void sendsCommittedSubmissionsButNotRolledBackOnes() throws Exception {
        TransactionalSubmitter submitter = new TransactionalSubmitter();
        MessageId kept;
        MessageId undone;
        try (Connection connection = application.getConnection();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> submitter.submit(connection, invoice("0").build()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("setAutoCommit(false)");
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO public.orders VALUES ('1')");
            kept = submitter.submit(connection, invoice("1").build());
            connection.commit();
            statement.execute("INSERT INTO public.orders VALUES ('2')");
            undone = submitter.submit(connection, invoice("2").build());
            connection.rollback();
        }
        Patience.until(() -> client.answer(kept) instanceof Answer.Admitted admitted && admitted.isDone());
        assertThat(client.answer(undone)).isEqualTo(new Answer.Unknown());
        awaitMails(1);
        assertThat(subjects()).containsExactly("1");
        assertThat(host.operations()
                        .audit()
                        .verify(List.of(), Set.of(), held -> {})
                        .isClean())
                .isTrue();
        assertThat(ask("SELECT secret FROM sendport.audit_records WHERE header::jsonb ->> 'kind' = 'SUBMITTED'"))
                .as("the database says who submitted")
                .contains(APPLICATION);
    }

    @Test
    void carriesPropertiesOfEveryTypeAttachmentsAndLargeBodies() throws Exception {
        byte[] large = new byte[2_700_000];
        new Random(1).nextBytes(large);
        Receipt receipt = client.submit(new Submission(
                "Invoices",
                Context.empty()
                        .with("InvoiceNumber", "4711")
                        .with("Count", 7L)
                        .with("Sum", new BigDecimal("12.50"))
                        .with("Urgent", true)
                        .with("At", Instant.parse("2026-11-29T10:00:00Z")),
                List.of(
                        Part.body("application/octet-stream", Body.of(large)).withFileName("large.bin"),
                        new Part("part2", "text/plain", Context.empty(), Body.of("Net 30", StandardCharsets.UTF_8))
                                .withFileName("terms \u00FC.txt")),
                Optional.empty(),
                "orders"));
        awaitMails(1);
        String mail = relay.mails().get(0).replaceAll("[\\r\\n]+", "");
        assertThat(mail).contains(Base64.getEncoder().encodeToString(large));
        assertThat(mail).contains("large.bin", "terms");
        Object properties =
                host.operations().messages().details(receipt.id().value()).properties();
        assertThat(properties.toString()).contains("4711", "12.50", "true", "2026-11-29T10:00:00Z");
    }

    @Test
    void createsOneMessagePerDedupeKeyAndReturnsItsId() {
        Receipt first = client.submit(invoice("5").dedupeKey("five").build());
        Receipt second = client.submit(invoice("5").dedupeKey("five").build());
        assertThat(first.duplicate()).isFalse();
        assertThat(second.duplicate()).isTrue();
        assertThat(second.id()).isEqualTo(first.id());
        assertThatThrownBy(() -> client.submit(invoice("6").dedupeKey("five").build()))
                .isInstanceOf(SubmissionRefusedException.class)
                .hasMessageContaining("key");
    }

    @Test
    void refusesInvalidSubmissionsAndAdmitsTheNextOne() throws Exception {
        assertThatThrownBy(() -> client.submit(Submission.to("Payroll")
                        .body("text/plain", Body.of("pay me", StandardCharsets.UTF_8))
                        .by("orders")
                        .build()))
                .isInstanceOf(SubmissionRefusedException.class)
                .hasMessage("role orders_app may not submit to port Payroll; to allow it, insert a row into"
                        + " submission_grant, then set refusal of the submission to NULL");
        owner("INSERT INTO sendport.submission_grant VALUES ('" + APPLICATION + "', 'Inv\\E.*\\Q')");
        List<UUID> hostile = List.of(
                insert("'Invoices', 'no json', ''::bytea"),
                insert("'Invoices', '{\"a\": {\"b\": {\"c\": 1}}}', ''::bytea"),
                insert("'Invoices', '{\"a\": [1]}', ''::bytea"),
                insert("'Invoices', '{\"a\": 1} {}', ''::bytea"),
                insert("'Invoices', '{\"a\": 1, \"a\": 2}', ''::bytea"),
                insert("'Invoices', '{\"a\": 99999999999999999999}', ''::bytea"),
                insert("'Invoices', '{\"a\": null}', ''::bytea"),
                insert("'Invoices', '{\"\\u0000bad name\": 1}', ''::bytea"),
                insert("'Invoices', '{}', NULL"),
                insert("'RemindWho', '{}', ''::bytea"),
                insert("E'Remind\\nNobody', '{}', ''::bytea"),
                insert("'', '{}', ''::bytea"));
        UUID suspended = insert("'Invoices', '{\"InvoiceNumber\": \"a\\u0000b\"}', ''::bytea");
        Receipt next = client.submit(invoice("7").build());
        assertThat(client.answer(next.id())).isInstanceOf(Answer.Admitted.class);
        for (UUID each : hostile) {
            assertThat(client.answer(new MessageId(each.toString()))).isInstanceOf(Answer.Refused.class);
        }
        assertThat(ask("SELECT count(*) FROM sendport.submission WHERE refusal IS NOT NULL"))
                .isEqualTo(Integer.toString(hostile.size() + 1));
        assertThat(ask("SELECT count(*) FROM sendport.audit_records WHERE header::jsonb ->> 'kind' = 'NOT_TAKEN'"))
                .isEqualTo(Integer.toString(hostile.size() + 1));
        awaitMails(1);
        Patience.until(
                () -> client.answer(new MessageId(suspended.toString())).equals(new Answer.Admitted("suspended")));
        Patience.until(() -> host.health().conditions().toString().contains("SUBMISSIONS_REFUSED"));
    }

    @Test
    void returnsToEachRoleOnlyTheOutcomesOfItsOwnMessages() throws Exception {
        OutcomePosition start = client.outcomes(OutcomePosition.NOW).next();
        host.submitter().submit(invoice("of somebody else").build());
        Receipt sent = client.submit(invoice("8").dedupeKey("eight").build());
        awaitMails(2);
        UUID suspended = insert("'Invoices', '{\"InvoiceNumber\": \"a\\u0000b\"}', ''::bytea");
        List<OutcomeEvent> all = new ArrayList<>();
        OutcomePosition[] at = {start};
        Patience.until(() -> {
            OutcomePage page = client.outcomes(at[0]);
            all.addAll(page.events());
            at[0] = page.next();
            return all.size() >= 2;
        });
        OutcomeEvent accepted = all.get(0);
        assertThat(accepted.kind()).isEqualTo(OutcomeKind.ACCEPTED);
        assertThat(accepted.message()).isEqualTo(sent.id());
        assertThat(accepted.recipient()).contains("b@customer.example");
        assertThat(accepted.dedupeKey()).contains("eight");
        assertThat(accepted.properties()).containsExactly(Map.entry("InvoiceNumber", "8"));
        assertThat(accepted.reply()).startsWith("250");
        assertThat(accepted.mimeMessageId()).isPresent();
        assertThat(all.get(1).kind()).isEqualTo(OutcomeKind.SUSPENDED);
        assertThat(all.get(1).message().value()).isEqualTo(suspended.toString());
        assertThat(client.outcomes(at[0]).events()).isEmpty();
        assertThat(client.outcomes(accepted.position()).events())
                .as("continues after any event")
                .extracting(OutcomeEvent::id)
                .containsExactly(all.get(1).id());
        List<OutcomeEvent> ofAll =
                host.operations().outcomes().outcomes(OutcomePosition.BEGIN).events();
        assertThat(ofAll).hasSize(3);
        assertThat(ofAll.stream().map(OutboxIT::withoutPosition))
                .as("the engine tells the same as the database")
                .containsAll(all.stream().map(OutboxIT::withoutPosition).toList());
        assertThatThrownBy(() -> ask(application, "SELECT private FROM sendport.audit_segment"))
                .isInstanceOf(SQLException.class);
    }

    /** The functions of the outbox run as the owner of the tables, and must not take a table of the caller for one of the owner's. */
    @Test
    void doesNotRunCodeOfARoleAsTheTableOwner() throws Exception {
        try (Connection connection = application.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE FUNCTION pg_temp.f() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ran as"
                            + " %', current_user; END $$");
            statement.execute("CREATE TEMP VIEW audit_lane AS SELECT 1::bigint AS lane, pg_temp.f() AS head_seq");
            statement.execute("CREATE TEMP VIEW submission AS SELECT pg_temp.f()::text AS id");
            statement.execute("GRANT ALL ON audit_lane, submission TO PUBLIC");
            for (String call : List.of(
                    "SELECT * FROM sendport.submission_outcomes('now', 1)",
                    "SELECT * FROM sendport.submission_outcomes('', 1)",
                    "SELECT * FROM sendport.submission_answer(gen_random_uuid())")) {
                statement.executeQuery(call).close();
            }
        }
    }

    private static String withoutPosition(OutcomeEvent event) {
        String text = event + " " + event.dedupeKey() + event.properties() + event.recipient() + event.reply()
                + event.mimeMessageId() + event.at();
        return text.replace('\u0000', '\uFFFD');
    }

    private static void ask(PGSimpleDataSource as, String sql) throws SQLException {
        try (Connection connection = as.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeQuery(sql).close();
        }
    }

    /** Twenty megabytes in rows are more than a host has in memory at once for the outbox. */
    @Test
    void readsSubmissionsTooLargeForMemoryFromTheirRows() throws Exception {
        Submission.Builder small = Submission.to("Invoices").body("text/plain", Body.of("x", StandardCharsets.UTF_8));
        byte[] megabyte = new byte[1_000_000];
        for (int i = 0; i < 20; i++) {
            small.attach("part" + i + ".bin", "application/octet-stream", Body.wrapping(megabyte));
        }
        assertThatThrownBy(() -> client.submit(small.with("N", "8").by("orders").build()))
                .isInstanceOf(SubmissionRefusedException.class)
                .hasMessageContaining("at most 4.0 MB");
        owner("UPDATE sendport.submission SET port = 'Reminders', refusal = NULL");
        awaitMails(1);
        assertThat(relay.mails().get(0)).contains("part0.bin", "part19.bin");
    }

    private UUID insert(String values) throws SQLException {
        UUID id = UUID.randomUUID();
        try (Connection connection = application.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO sendport.submission (id, port, properties, body) VALUES ('" + id + "', "
                    + values + ")");
        }
        return id;
    }

    private String ask(String sql) {
        return TestPostgres.column(TestPostgres.database(url), sql).get(0);
    }

    @Test
    void keepsTheOrderOfAProducerAndWaitsWhenAPortIsFull() throws Exception {
        int count = 120;
        TransactionalSubmitter submitter = new TransactionalSubmitter();
        insert("'RemindNobody', '{}', ''::bytea");
        UUID waits = insert("'RemindNobody', '{}', ''::bytea");
        try (Connection connection = application.getConnection()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < count; i++) {
                submitter.submit(
                        connection,
                        Submission.to("Reminders")
                                .body("text/plain", Body.of("please", StandardCharsets.UTF_8))
                                .with("N", Integer.toString(i))
                                .by("orders")
                                .build());
                connection.commit();
            }
        }
        awaitMails(count);
        assertThat(subjects().stream().map(Integer::valueOf).toList()).isSorted();
        Patience.whileItHolds(
                "the submission for the full port waits",
                Duration.ofSeconds(1),
                () -> client.answer(new MessageId(waits.toString())) instanceof Answer.Stored);
    }

    @Test
    void grantsARoleOnlyThePrivilegesItNeeds() {
        String database = TestPostgres.database(url);
        for (String sql : List.of(
                "SELECT * FROM sendport.submission",
                "DELETE FROM sendport.submission",
                "INSERT INTO sendport.submission (id, submitted_by, body) VALUES (gen_random_uuid(), 'postgres', '')",
                "INSERT INTO sendport.submission (id, refusal, body) VALUES (gen_random_uuid(), 'x', '')",
                "INSERT INTO sendport.submission (id, submitted_at, body) VALUES (gen_random_uuid(), now(), '')",
                "INSERT INTO sendport.submission_grant VALUES ('orders_app', '*')",
                "SELECT * FROM sendport.message",
                "SELECT * FROM sendport.audit_segment",
                "SELECT * FROM sendport.audit_records")) {
            assertThat(TestPostgres.refusal(database, APPLICATION, sql)).as(sql).contains("permission denied");
        }
    }

    @Test
    void sendsASubmissionMadeByTheDocumentedSql() throws Exception {
        try (Connection connection = application.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(DocumentedSql.under(SQL_PAGE, "## Submit a message"));
        }
        awaitMails(1);
        assertThat(subjects()).containsExactly("4711");
        assertThat(relay.mails().get(0)).contains("invoice.xml");
    }

    @Test
    void thePagesDocumentEveryColumnAndAnswer() throws Exception {
        String sqlPage = Files.readString(SQL_PAGE);
        String columns =
                ask("SELECT string_agg(DISTINCT column_name, ' ') FROM information_schema.columns WHERE table_schema ="
                        + " 'sendport' AND table_name IN ('submission', 'submission_part', 'submission_chunk')");
        assertThat(Set.of(columns.split(" ")))
                .allSatisfy(column -> assertThat(sqlPage).contains("`" + column + "`"));
        assertThat(Pattern.compile("\\| `(Stored|Admitted|Duplicate|Refused|Unknown)` \\|")
                        .matcher(Files.readString(PAGE))
                        .results()
                        .map(MatchResult::group))
                .hasSize(Answer.class.getPermittedSubclasses().length);
    }
}
