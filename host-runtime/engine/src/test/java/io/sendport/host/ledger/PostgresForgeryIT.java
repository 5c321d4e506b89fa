package io.sendport.host.ledger;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestPostgres;
import io.sendport.testing.InTurn;
import java.nio.file.Path;
import java.util.Optional;

@InTurn
class PostgresForgeryIT extends ForgeryContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestPostgres.settings(TestPostgres.newDatabase(), place);
    }

    /** An export looks the same whatever database it comes from: the other test runs the script. */
    @Override
    Optional<String> python() {
        return Optional.empty();
    }
}
