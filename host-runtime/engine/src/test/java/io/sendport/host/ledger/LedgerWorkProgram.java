package io.sendport.host.ledger;

import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.Pruning;
import io.sendport.host.ledger.privacy.Erasure;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Records, indexes, signs, erases and prunes in turn, in a process that a test kills. */
final class LedgerWorkProgram {

    private static final int ROUNDS = 40;

    private LedgerWorkProgram() {}

    /** The folder, and the number of the run: its days follow those of the run before. */
    public static void main(String[] arguments) throws Exception {
        var settings = TestBox.settings(Path.of(arguments[0]));
        int run = Integer.parseInt(arguments[1]);
        SettableClock clock = new SettableClock();
        clock.advance(Duration.ofDays((long) run * ROUNDS));
        try (MessageBox box = TestBox.open(settings, clock)) {
            Checkpoints checkpoints = Checkpoints.of(settings.place(), Optional.empty());
            Erasure erasure = new Erasure(box.store(), box.ledger(), checkpoints);
            for (int round = 0; round < ROUNDS; round++) {
                TestBox.send(box, clock, "kept" + round + "@customer.example");
                TestBox.send(box, clock, "erased@customer.example");
                if (round % 3 == 0) {
                    box.ledger().index();
                }
                checkpoints.make(box.ledger(), clock.instant(), "H", "i");
                List<String> messages = erasure.messages(List.of("erased@customer.example"), "", 100);
                erasure.run(messages, clock.instant(), "jo", "asked");
                box.upkeep().run();
                new Pruning(box.store(), box.ledger(), checkpoints)
                        .run(clock.instant().minus(Duration.ofDays(10)), clock.instant(), entry -> entry.by("H", "i"));
                clock.advance(Duration.ofDays(1));
            }
        }
    }
}
