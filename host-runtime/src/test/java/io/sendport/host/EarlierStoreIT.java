package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationReader;
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
import io.sendport.host.store.Store;
import io.sendport.host.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that an earlier program wrote: one message sent, two waiting, one of them at a stopped port, and a signed checkpoint. */
@Timeout(180)
class EarlierStoreIT {

    @TempDir
    private Path folder;

    private Configuration configuration;

    @BeforeEach
    void unpack() throws IOException {
        try (InputStream resource = EarlierStoreIT.class.getResourceAsStream("/store-v1.zip");
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
        configuration = new ConfigurationReader(new CamelPlaceholders())
                .read(folder.resolve("sendport.xml"))
                .configuration()
                .orElseThrow();
    }

    private MessageBox open(Store.Access access) {
        return MessageBox.open(configuration.messageBox(), access, Clock.systemUTC());
    }

    @Test
    void isNotChangedByACommand() {
        for (Store.Access access : Store.Access.values()) {
            assertThatThrownBy(() -> open(access))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("schema version 1")
                    .hasMessageContaining("`sendport store migrate`");
        }
    }

    @Test
    void isUpgradedByRunAndSendsAndVerifies() throws Exception {
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
                    .contains("schema version 1 became"));
        }
        try (MessageBox box = open(Store.Access.READ)) {
            assertThat(TestBox.verify(box, configuration.messageBox().place()).fault())
                    .isEmpty();
        }
        try (var files = Files.list(folder.resolve("var"))) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .as("a backup was made first")
                    .anyMatch(name -> name.matches("sendport\\.db\\.before-v\\d+-.*"));
        }
    }

    private static void awaitDone(MessageBox box, int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (box.queries()
                                .list(MessageFilter.in(Set.of(MessageState.DONE)), Optional.empty())
                                .size()
                        < count
                && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
