package io.sendport.host.ledger;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.testing.InTurn;
import java.nio.file.Path;

@InTurn
class SqlitePackingTest extends PackingContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestBox.settings(place);
    }
}
