package io.sendport.host.store;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestPostgres;
import java.nio.file.Path;

class PostgresTimeLimitIT extends TimeLimitContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestPostgres.settings(TestPostgres.newDatabase(), place);
    }
}
