package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.Deep;
import io.sendport.testing.InTurn;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process between the steps of its work on the ledger: it still holds, and the index finds what is there. */
@InTurn
@Timeout(3_600)
class LedgerCrashIT {

    private static final int KILLS = Deep.times(4, 100);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void staysValidWhenAProcessIsKilledBetweenSteps() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MessageBoxSettings settings = TestBox.settings(folder);
        for (int kill = 0; kill < KILLS; kill++) {
            String point = (random.nextBoolean() ? "before-commit:" : "after-commit:") + (20 + random.nextInt(200));
            Process process = ChildJava.start(
                    LedgerWorkProgram.class, "-Dsendport.failPoint=" + point, folder.toString(), "" + kill);
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isEqualTo(137);
            String when = "seed " + seed + ", kill " + kill + " at " + point;
            try (MessageBox box = MessageBox.open(settings, Access.READ, clock)) {
                Verification.Finding finding = TestBox.verify(box, settings.place());
                assertThat(finding.fault()).as(when).isEmpty();
                assertThat(finding.records()).as(when).isPositive();
                for (String each :
                        List.of("kept0@customer.example", "kept39@customer.example", "erased@customer.example")) {
                    assertThat(byIndex(box, each)).as(when).isEqualTo(byReading(box, each));
                }
            }
        }
    }

    private static List<String> byIndex(MessageBox box, String address) {
        List<String> places = new ArrayList<>();
        AuditFilter filter = AuditFilter.ofRecipient(address);
        box.ledger().read(filter, each -> places.add(each.link().place()));
        return places;
    }

    private static List<String> byReading(MessageBox box, String address) {
        List<String> places = new ArrayList<>();
        box.ledger().read(AuditFilter.all(), each -> {
            if (IndexKey.addresses(each.secret()).contains(address)) {
                places.add(each.link().place());
            }
            return true;
        });
        return places;
    }
}
