package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.Configuration;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.process.Environment;
import io.sendport.host.process.HostProcess;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that an earlier program wrote: one message sent, two waiting, one of them at a stopped port, and a signed checkpoint. */
@Timeout(300)
class EarlierStoreIT {

    @TempDir
    private Path folder;

    private Configuration unpack(int version) throws IOException {
        try (InputStream resource = EarlierStoreIT.class.getResourceAsStream("/store-v" + version + ".zip");
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
        return new ConfigurationReader(new CamelPlaceholders())
                .read(folder.resolve("sendport.xml"))
                .configuration()
                .orElseThrow();
    }

    private static MessageBox open(Configuration configuration, Access access) {
        return MessageBox.open(configuration.messageBox(), access, Clock.systemUTC());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void isNotChangedByACommand(int version) throws Exception {
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
    void isUpgradedByRunAndSendsAndVerifies(int version) throws Exception {
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
}
