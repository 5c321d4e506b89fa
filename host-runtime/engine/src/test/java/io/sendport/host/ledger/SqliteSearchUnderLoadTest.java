package io.sendport.host.ledger;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import java.nio.file.Path;

class SqliteSearchUnderLoadTest extends SearchUnderLoadContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestBox.settings(place);
    }
}
