package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.Configuration;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.process.Environment;
import io.sendport.host.process.HostProcess;
import io.sendport.host.process.StoreUpgrade;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.Schema;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** A store that an earlier program wrote: one message sent, two waiting, one of them at a stopped port, and a signed checkpoint. */
@Timeout(300)
class EarlierStoreIT {

    @TempDir
    private Path folder;

    private Configuration unpack(int version) throws IOException {
        unpack("store-v" + version);
        return configuration();
    }

    private Configuration configuration() {
        return new ConfigurationReader(new CamelPlaceholders())
                .read(folder.resolve("sendport.xml"))
                .configuration()
                .orElseThrow();
    }

    private void unpack(String name) throws IOException {
        try (InputStream resource = EarlierStoreIT.class.getResourceAsStream("/" + name + ".zip");
                ZipInputStream zip = new ZipInputStream(resource)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.write(file, zip.readAllBytes());
                }
            }
        }
    }

    private static MessageBox open(Configuration configuration, Access access) {
        return MessageBox.open(configuration.messageBox(), access, Clock.systemUTC());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void cannotBeOpenedBeforeItIsMigrated(int version) throws Exception {
        Configuration configuration = unpack(version);
        for (Access access : Access.values()) {
            assertThatThrownBy(() -> open(configuration, access))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("schema version " + version)
                    .hasMessageContaining("`sendport store migrate`");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aHostUpgradesTheStoreAndSendsItsMessages(int version) throws Exception {
        Configuration configuration = unpack(version);
        try (HostProcess process = new HostProcess(
                configuration, Set.of(), Environment.of(folder.resolve("plugins"), Clock.systemUTC()))) {
            awaitDone(process.box(), 2);
            List<MessageRow> rows = process.box().queries().list(MessageFilter.all(), Optional.empty());
            assertThat(rows)
                    .extracting(MessageRow::port, MessageRow::state)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple("Invoices", MessageState.DONE),
                            org.assertj.core.groups.Tuple.tuple("Invoices", MessageState.DONE),
                            org.assertj.core.groups.Tuple.tuple("Held", MessageState.WAITING));
            List<AuditRecord> upgrades = new ArrayList<>();
            process.box().ledger().read(AuditFilter.all().ofKinds(List.of(Kind.MIGRATED)), upgrades::add);
            assertThat(upgrades).singleElement().satisfies(each -> assertThat(each.detail("detail"))
                    .contains("upgraded schema version " + version + " to"));
        }
        try (MessageBox box = open(configuration, Access.READ)) {
            assertThat(overwrites(box))
                    .as("a copy of the message that waits may be left where the earlier program moved its row")
                    .isZero();
            assertThat(TestBox.verify(box, configuration.messageBox().place()).fault())
                    .isEmpty();
        }
        try (var files = Files.list(folder.resolve("var"))) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .as("a backup was made first")
                    .anyMatch(name -> name.matches("sendport\\.db\\.before-v\\d+-.*"));
        }
    }

    private static int overwrites(MessageBox box) {
        return box.store().read(handle -> handle.createQuery("SELECT overwrites FROM store_state")
                .mapTo(Integer.class)
                .one());
    }

    private static void awaitDone(MessageBox box, int count) throws Exception {
        Patience.until(
                count + " messages are done",
                () -> box.queries()
                                .list(MessageFilter.in(Set.of(MessageState.DONE)), Optional.empty())
                                .size()
                        >= count);
    }

    /**
     * Version 12, the last in which every attempt had rows of its own and each record of the ledger a row. Its process was killed while
     * it sent; an earlier process was killed too. Of its messages, one is sent, one is in doubt at a port with {@code inDoubt="hold"}, one is suspended
     * because a recipient was refused, one waits for a retry, one was being sent, and two were not tried yet, one of them at a stopped port.
     */
    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void sendsMessagesFromTheStoreOfAKilledProcess(String kind) throws Exception {
        boolean onPostgres = kind.equals("postgresql");
        unpack(onPostgres ? "store-v12-postgresql" : "store-v12");
        Path file = folder.resolve("sendport.xml");
        try (ScriptedServer relay = new ScriptedServer()) {
            String xml = Files.readString(file).replace("port=\"2599\"", "port=\"" + relay.port() + "\"");
            Files.writeString(file, onPostgres ? xml.replaceFirst("jdbc:postgresql:[^\"]*", filled()) : xml);
            Configuration configuration = configuration();
            if (onPostgres) {
                assertThat(new StoreUpgrade(configuration.messageBox(), Duration.ofSeconds(30), line -> {})
                                .run("the fixture", new Actor("test", "")))
                        .hasValue("upgraded schema version 12 to " + Schema.VERSION);
            }
            try (HostProcess process = new HostProcess(
                    configuration, Set.of(), Environment.of(folder.resolve("plugins"), Clock.systemUTC()))) {
                MessageBox box = process.box();
                awaitDone(box, 3);
                assertThat(kinds(box, only(box, "Open")))
                        .as("what was being sent when the process was killed")
                        .containsExactly("SUBMITTED", "ATTEMPT_STARTED", "IN_DOUBT", "ATTEMPT_STARTED", "ACCEPTED");
                assertThat(only(box, "Doubtful").state()).isEqualTo(MessageState.IN_DOUBT);
                assertThat(only(box, "Partly").state()).isEqualTo(MessageState.SUSPENDED);
                Actor operator = new Actor("jo", "after the upgrade");
                for (String port : List.of("Doubtful", "Partly")) {
                    assertThat(box.acts().act(MessageAct.RESUME, only(box, port), operator))
                            .isEmpty();
                }
                if (only(box, "Later").state() == MessageState.RETRYING) {
                    assertThat(box.acts().act(MessageAct.FORCE, only(box, "Later"), operator))
                            .isEmpty();
                }
                awaitDone(box, 6);
                assertThat(only(box, "Held").state()).isEqualTo(MessageState.WAITING);
                assertThat(relay.mails()).hasSize(5);
                assertThat(relay.count("RCPT TO:<nobody@"))
                        .as("the recipient that was refused")
                        .isEqualTo(1);
                assertThat(relay.count("RCPT TO:<b@"))
                        .as("no second copy for the recipient that has the mail")
                        .isEqualTo(1);
            }
            try (MessageBox box = open(configuration, Access.READ)) {
                assertThat(TestBox.verify(box, configuration.messageBox().place())
                                .fault())
                        .isEmpty();
            }
        }
    }

    /** The address of a new database with the tables of version 12 and the rows of the fixture. */
    private String filled() throws Exception {
        String url = TestPostgres.newDatabase();
        TestBox.makeTables(url, "postgresql", 12);
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement();
                Stream<Path> tables = Files.list(folder.resolve("tables"))) {
            // Disables foreign keys: tables are filled in any order.
            statement.execute("SET session_replication_role = replica");
            CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
            for (Path rows : (Iterable<Path>) tables::iterator) {
                String table = String.valueOf(rows.getFileName()).replace(".copy", "");
                statement.execute("DELETE FROM " + table);
                try (InputStream in = Files.newInputStream(rows)) {
                    copies.copyIn("COPY " + table + " FROM STDIN", in);
                }
            }
            statement.execute("SELECT setval('message_seq_seq', (SELECT max(seq) FROM message))");
        }
        return url;
    }

    private static MessageRow only(MessageBox box, String port) {
        List<MessageRow> rows = box.queries().list(MessageFilter.all(), Optional.empty()).stream()
                .filter(each -> each.port().equals(port))
                .toList();
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    private static List<String> kinds(MessageBox box, MessageRow row) {
        List<String> kinds = new ArrayList<>();
        box.ledger().read(AuditFilter.ofMessage(row.id().value()), each -> kinds.add(each.header("kind")));
        return kinds;
    }
}
