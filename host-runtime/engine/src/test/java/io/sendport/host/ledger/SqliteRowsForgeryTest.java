package io.sendport.host.ledger;

import io.sendport.testing.InTurn;
import java.util.Optional;

/** The same forgeries on a ledger whose older part still consists of rows. */
@InTurn
class SqliteRowsForgeryTest extends SqliteForgeryTest {

    @Override
    long rows() {
        return 45;
    }

    /** An export is the same in both forms. */
    @Override
    Optional<String> python() {
        return Optional.empty();
    }
}
