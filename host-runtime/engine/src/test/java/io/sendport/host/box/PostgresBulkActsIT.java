package io.sendport.host.box;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestPostgres;
import java.nio.file.Path;

class PostgresBulkActsIT extends BulkActsContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestPostgres.settings(TestPostgres.newDatabase(), place);
    }
}
