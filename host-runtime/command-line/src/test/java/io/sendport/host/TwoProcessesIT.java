package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.Notice;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.operate.store.StoreRestore;
import io.sendport.host.store.DiskFailure;
import io.sendport.host.store.Restore;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.InTurn;
import io.sendport.testing.SettableClock;
import io.sendport.testing.Skipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes have one SQLite file open, and something is to be done to it. */
@Timeout(300)
class TwoProcessesIT {

    private static final int FIRST_FAILING_SYNC = 10;

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    private int messages() {
        try (MessageBox box = MessageBox.open(TestBox.settings(folder), Access.READ, clock)) {
            assertThat(TestBox.verify(box, TestBox.settings(folder).place()).fault())
                    .isEmpty();
            return box.queries().list(MessageFilter.all(), Optional.empty()).size();
        }
    }

    @Test
    void recoveryFromADiskFailureLosesNoAcknowledgedMessage() throws Exception {
        Path store = TestBox.settings(folder).place();
        Path mark = store.resolveSibling("sendport.db.disk-failed");
        TestBox.open(folder, clock).close();
        int acknowledged = 0;
        try (StoreWriterProgram.Running other = new StoreWriterProgram.Running(folder)) {
            assertThat(other.submit(20)).isEqualTo("acknowledged");
            acknowledged += 20;
            Files.createFile(mark);
            assertThatThrownBy(() -> DiskFailure.recover(store))
                    .as("the other one goes by an index of the log that recovery would contradict")
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(other.pid() + " (java)");
            assertThat(mark).exists();
            assertThat(other.submit(1)).startsWith("refused").contains("another process found that the disk failed");
        }
        DiskFailure.recover(store);
        assertThat(mark).doesNotExist();
        try (MessageBox box = TestBox.open(folder, clock);
                StoreWriterProgram.Running another = new StoreWriterProgram.Running(folder)) {
            for (int i = 0; i < 5; i++) {
                TestBox.submit(box, clock, "P");
                assertThat(another.submit(30)).isEqualTo("acknowledged");
                acknowledged += 31;
            }
        }
        assertThat(messages()).isEqualTo(acknowledged);
    }

    /** The kernel reports a failed sync once, and only to a process that has the file open. Others learn it from the mark. */
    @Test
    @InTurn
    void neitherAcknowledgesAnythingAfterASyncOfOneFailed() throws Exception {
        if (!Traced.isPossible()) {
            Skipped.note("strace is not installed or may not trace here, no sync was made to fail");
            return;
        }
        Path store = TestBox.settings(folder).place();
        TestBox.open(folder, clock).close();
        List<String> failing = new ArrayList<>(Traced.command());
        failing.addAll(List.of(
                "-o",
                "/dev/null",
                "-e",
                "trace=fdatasync",
                "-e",
                "inject=fdatasync:error=EIO:when=" + FIRST_FAILING_SYNC + "+"));
        int acknowledged = 0;
        try (StoreWriterProgram.Running one = new StoreWriterProgram.Running(folder, failing);
                StoreWriterProgram.Running other = new StoreWriterProgram.Running(folder)) {
            String said = "acknowledged";
            for (int i = 0; i < 2 * FIRST_FAILING_SYNC && said.equals("acknowledged"); i++) {
                assertThat(other.submit(3)).as("before a sync failed").isEqualTo("acknowledged");
                said = one.submit(1);
                acknowledged += said.equals("acknowledged") ? 4 : 3;
            }
            assertThat(said).startsWith("refused").contains("the disk failed during a sync of commits");
            assertThat(other.submit(1)).startsWith("refused").contains("another process found that the disk failed");
            assertThat(one.submit(1)).startsWith("refused");
            assertThatThrownBy(() -> MessageBox.open(TestBox.settings(folder), Access.WRITE, clock))
                    .as("one that did not have it open before")
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the disk under the message box");
        }
        DiskFailure.recover(store);
        // What was refused may be there: it was in doubt.
        assertThat(messages()).isBetween(acknowledged, acknowledged + 1);
    }

    @Test
    void aBackupDoesNotReplaceAStoreThatAnotherProcessHasOpen() throws Exception {
        Path store = TestBox.settings(folder).place();
        Path backup = folder.resolve("backup.db");
        try (MessageBox box = TestBox.open(folder, clock)) {
            TestBox.submit(box, clock, "P");
            box.store().backUp(backup);
        }
        Path ready = Restore.beside(backup, store);
        try (StoreWriterProgram.Running other = new StoreWriterProgram.Running(folder)) {
            assertThat(other.submit(1)).isEqualTo("acknowledged");
            assertThatThrownBy(() -> Restore.swap(ready, store, "aside", replaced -> {}))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(other.pid() + " (java)");
            assertThat(other.submit(1)).isEqualTo("acknowledged");
        }
        assertThat(messages()).as("it was acknowledged into this store").isEqualTo(3);
        assertThat(Restore.swap(ready, store, "aside", replaced -> {}))
                .contains(store.resolveSibling("sendport.db.aside"));
        assertThat(messages()).isEqualTo(1);
        try (MessageBox box = TestBox.open(folder, clock)) {
            TestBox.submit(box, clock, "P");
        }
        assertThat(messages()).isEqualTo(2);
    }

    /** A statement that is signed then would declare the end of a ledger that is still in use. */
    @Test
    void aRestoreThatIsRefusedSignsNothingAndChangesNothing() throws Exception {
        Routing routing =
                Routing.of(RunningHost.read(folder, "<messageBox url='jdbc:sqlite:sendport.db'/><host name='H'/>")
                        .configuration()
                        .orElseThrow());
        Path store = TestBox.settings(folder).place();
        assertThat(routing.messageBox().place()).isEqualTo(store);
        Path backup = folder.resolve("backup.db");
        try (MessageBox box = TestBox.open(folder, clock)) {
            TestBox.submit(box, clock, "P");
            box.store().backUp(backup);
            TestBox.submit(box, clock, "P");
            Checkpoints.of(routing).make(box.ledger(), clock.instant(), "H", "one");
        }
        StoreRestore restoring = new StoreRestore(routing, clock, warning -> {});
        Actor actor = new Actor("jo", "back to Monday");
        try (StoreWriterProgram.Running other = new StoreWriterProgram.Running(folder)) {
            assertThat(other.submit(1)).isEqualTo("acknowledged");
            assertThatThrownBy(() -> restoring.restore(backup, actor))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(other.pid() + " (java)");
            assertThat(other.submit(1)).isEqualTo("acknowledged");
        }
        assertThat(notices(routing)).as("nothing was signed").isEmpty();
        assertThat(messages()).isEqualTo(4);

        assertThat(restoring.restore(backup, actor).suspended()).isEqualTo(1);
        assertThat(notices(routing)).as("the rollback is signed").hasSize(1);
        assertThat(messages()).isEqualTo(1);
    }

    private List<Notice> notices(Routing routing) {
        try (MessageBox box = MessageBox.open(routing.messageBox(), Access.READ, clock)) {
            Verification.Finding finding = new Verification(
                            box.store(), Checkpoints.of(routing), Verification.Auditor.DEFAULT, held -> {})
                    .run();
            assertThat(finding.fault()).isEmpty();
            return finding.notices();
        }
    }
}
