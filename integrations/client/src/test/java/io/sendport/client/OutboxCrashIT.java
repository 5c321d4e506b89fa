package io.sendport.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.submit.Submission;
import io.sendport.host.KillablePostgres;
import io.sendport.host.Sendport;
import io.sendport.testing.Deep;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Application, host and database die again and again: each order that was committed has its mail, none that was not, and none has two
 * without a record.
 */
@Timeout(3600)
@InTurn
class OutboxCrashIT {

    /** A third of them each. */
    private static final int KILLS = Deep.times(3, 900);

    private static final Pattern SUBJECT = Pattern.compile("(?m)^Subject: order (\\d+)\\r?$");

    @TempDir
    private Path folder;

    /** Places orders until it is killed. */
    static final class Application {
        public static void main(String[] arguments) throws Exception {
            PGSimpleDataSource source = source(arguments[0]);
            TransactionalSubmitter submitter = new TransactionalSubmitter();
            try (Connection connection = source.getConnection();
                    PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO orders DEFAULT VALUES RETURNING number")) {
                connection.setAutoCommit(false);
                Random random = new Random();
                for (int i = 0; ; i++) {
                    try (ResultSet row = insert.executeQuery()) {
                        row.next();
                        submitter.submit(
                                connection,
                                Submission.to("Orders")
                                        .body("text/plain", Body.of("thank you", StandardCharsets.UTF_8))
                                        .with("Number", row.getString(1))
                                        .by("shop")
                                        .build());
                    }
                    // Some customers change their minds.
                    if (random.nextInt(10) == 0) {
                        connection.rollback();
                    } else {
                        connection.commit();
                    }
                    if (i == 0) {
                        System.out.println("ready");
                    }
                    TimeUnit.MILLISECONDS.sleep(10);
                }
            }
        }
    }

    /** Runs the hosts of a configuration until it is killed. */
    static final class Host {
        public static void main(String[] arguments) throws Exception {
            try (Sendport sendport =
                    Sendport.configuredBy(Path.of(arguments[0])).start()) {
                System.out.println("ready");
                while (sendport.ending().isEmpty()) {
                    TimeUnit.SECONDS.sleep(1);
                }
            }
        }
    }

    private static PGSimpleDataSource source(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser("postgres");
        return source;
    }

    private static Process start(Class<?> program, String argument) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        program.getName(),
                        argument)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        while (line != null && !line.equals("ready")) {
            line = output.readLine();
        }
        assertThat(line).as("%s has started", program.getSimpleName()).isNotNull();
        // So that it never waits for somebody to read its log.
        Thread reader = new Thread(() -> drain(output));
        reader.setDaemon(true);
        reader.start();
        return process;
    }

    private static void drain(BufferedReader output) {
        try {
            output.transferTo(Writer.nullWriter());
        } catch (IOException killed) {
            // There is nothing more to read.
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = source(url).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> column(String url, String sql) throws SQLException {
        try (Connection connection = source(url).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    @Test
    void sendsAMailForEachCommittedOrderDespiteRepeatedKills() throws Exception {
        try (ScriptedServer relay = new ScriptedServer();
                KillablePostgres postgres = new KillablePostgres(folder.resolve("data"))) {
            String url = postgres.url();
            execute(url, "CREATE SCHEMA sendport; CREATE TABLE orders (number BIGINT GENERATED ALWAYS AS IDENTITY)");
            Path file = Files.writeString(folder.resolve("sendport.xml"), """
                    <sendport xmlns="urn:sendport:config:1">
                      <messageBox url="%s?currentSchema=sendport" user="postgres" password="postgres" lease="PT2S"/>
                      <host name="Mail"><smtp host="127.0.0.1" port="%d" tls="none"/></host>
                      <sendPort name="Orders" host="Mail">
                        <mail from="a@corp.example" to="b@customer.example" subject="order %%Number%%"/>
                        <retry count="100" interval="PT0.2S"/>
                      </sendPort>
                    </sendport>
                    """.formatted(url, relay.port()));
            Process host = start(Host.class, file.toString());
            execute(url, "INSERT INTO sendport.submission_grant VALUES ('postgres', '*')");
            Process application = start(Application.class, url);
            for (int kill = 0; kill < KILLS; kill++) {
                TimeUnit.MILLISECONDS.sleep(300 + 37L * (kill % 10));
                switch (kill % 3) {
                    case 0 -> {
                        host.destroyForcibly().waitFor();
                        host = start(Host.class, file.toString());
                    }
                    case 1 -> {
                        application.destroyForcibly().waitFor();
                        application = start(Application.class, url);
                    }
                    default -> {
                        postgres.kill();
                        // It fails without its database, unlike the host, which waits for it.
                        application.waitFor();
                        postgres.startAgain();
                        application = start(Application.class, url);
                    }
                }
            }
            application.destroyForcibly().waitFor();
            Set<String> orders = new HashSet<>(column(url, "SELECT number FROM orders"));
            Patience.happens(
                    Duration.ofMinutes(Deep.times(2, 15)),
                    () -> subjects(relay).size() >= orders.size()
                            && column(url, "SELECT id FROM sendport.message WHERE ended_at IS NULL")
                                    .isEmpty()
                            && column(url, "SELECT id::text FROM sendport.submission")
                                    .isEmpty());
            host.destroyForcibly().waitFor();
            List<String> subjects = subjects(relay);
            assertThat(new HashSet<>(subjects)).as("the orders, and no others").isEqualTo(orders);
            int extra = subjects.size() - orders.size();
            System.out.println(KILLS + " kills, " + orders.size() + " orders, " + extra + " mails twice");
            assertThat(
                            column(
                                    url,
                                    "SELECT header::jsonb ->> 'message' FROM sendport.audit_records WHERE header::jsonb ->> 'kind' = 'IN_DOUBT'"))
                    .as("a mail that is there twice was in doubt before")
                    .hasSizeGreaterThanOrEqualTo(extra);
        }
    }

    private static List<String> subjects(ScriptedServer relay) {
        return relay.mails().stream()
                .flatMap(mail -> SUBJECT.matcher(mail).results())
                .map(each -> each.group(1))
                .toList();
    }
}
