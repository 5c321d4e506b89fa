package io.sendport.host.box;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestPostgres;
import io.sendport.testing.InTurn;
import java.nio.file.Path;

@InTurn
class PostgresMessageListIT extends MessageListContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestPostgres.settings(TestPostgres.newDatabase(), place);
    }
}
