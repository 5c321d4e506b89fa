package io.sendport.host.store;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import java.nio.file.Path;

class SqliteTimeLimitTest extends TimeLimitContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestBox.settings(place);
    }
}
