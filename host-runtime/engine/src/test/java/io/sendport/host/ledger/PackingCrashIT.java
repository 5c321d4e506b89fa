package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.verify.Packing;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.Deep;
import io.sendport.testing.InTurn;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that packs the ledger, time and again: every record is there, once, in one form or the other. */
@Timeout(3_600)
@InTurn
class PackingCrashIT {

    private static final int RECORDS = Deep.times(6_000, 1_000_000);
    private static final int KILLS = Deep.times(3, 40);
    private static final int AT_ONCE = 500;
    private static final Duration TURN = Duration.ofMinutes(30);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    private void fill(MessageBox box) {
        for (int i = 0; i < RECORDS; i += AT_ONCE) {
            int first = i;
            box.store().change(transaction -> {
                for (int n = first; n < Math.min(RECORDS, first + AT_ONCE); n++) {
                    box.ledger().append(transaction, entry(n));
                }
            });
        }
        box.ledger().index();
        box.store().change(transaction -> Forms.toRows(transaction.handle(), RECORDS));
    }

    private static Entry entry(int number) {
        return Entry.of(Kind.CONFIG_LOADED)
                .detail("recipients", List.of(Map.of("address", "a" + number % 1_000 + "@customer.example")));
    }

    private Verification.Finding verify(MessageBoxSettings settings) {
        try (MessageBox box = MessageBox.open(settings, Access.READ, clock)) {
            return TestBox.verify(box, settings.place());
        }
    }

    @Test
    void losesNoRecordWhenKilledTimeAndAgain() throws Exception {
        MessageBoxSettings settings = TestBox.settings(folder);
        try (MessageBox box = TestBox.open(settings, clock)) {
            fill(box);
        }
        Random random = new Random(KILLS);
        long rows = RECORDS;
        for (int kill = 0; kill < KILLS && rows > 0; kill++) {
            String place = random.nextBoolean() ? "before-commit" : "after-commit";
            Process process = ChildJava.start(
                    PackingProgram.class,
                    "-Dsendport.failPoint=" + place + ":" + (1 + random.nextInt(5)),
                    folder.toString());
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isEqualTo(137);
            Verification.Finding finding = verify(settings);
            assertThat(finding.fault()).as("after kill %d %s", kill, place).isEmpty();
            assertThat(finding.records()).isEqualTo(RECORDS);
            rows = rows(settings);
        }
        assertThat(rows).as("both forms are there").isBetween(1L, RECORDS - 1L);
        long began = System.nanoTime();
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, clock)) {
            Packing.Result result =
                    new Packing(box.store(), Checkpoints.of(settings.place(), Optional.empty())).run(TURN);
            assertThat(result).isEqualTo(new Packing.Result(rows, Packing.Remaining.NONE, Optional.empty()));
        }
        System.out.println("packed " + rows + " records in "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        assertThat(rows(settings)).isZero();
        assertThat(verify(settings).fault()).isEmpty();
        assertThat(verify(settings).records()).isEqualTo(RECORDS);
    }

    private long rows(MessageBoxSettings settings) {
        try (MessageBox box = MessageBox.open(settings, Access.READ, clock)) {
            return box.store().read(handle -> handle.createQuery("SELECT count(*) FROM audit_record")
                    .mapTo(Long.class)
                    .one());
        }
    }
}
