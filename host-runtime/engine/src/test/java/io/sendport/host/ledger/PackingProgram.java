package io.sendport.host.ledger;

import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.verify.Packing;
import io.sendport.host.store.commit.Access;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Packs the ledger of a folder, in a process that a test kills. */
final class PackingProgram {

    private PackingProgram() {}

    public static void main(String[] arguments) {
        var settings = TestBox.settings(Path.of(arguments[0]));
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, Clock.systemUTC())) {
            Checkpoints checkpoints = Checkpoints.of(settings.place(), Optional.empty());
            System.out.println(new Packing(box.store(), checkpoints).run(Duration.ofMinutes(30)));
        }
    }
}
