package io.sendport.host.ledger;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestPostgres;
import java.nio.file.Path;

class PostgresPackingIT extends PackingContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestPostgres.settings(TestPostgres.newDatabase(), place);
    }
}
