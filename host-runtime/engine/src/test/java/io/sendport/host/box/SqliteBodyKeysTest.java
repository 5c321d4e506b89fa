package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.Leftovers;
import io.sendport.host.TestBox;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SqliteBodyKeysTest extends BodyKeysContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestBox.settings(place);
    }

    @Test
    void leavesNoTextInFileOrLog() throws Exception {
        Body body = Body.of((SECRET + "\n").repeat(60_000), StandardCharsets.US_ASCII);
        TestBox.submit(box, new SettableClock(), "P", body, Optional.empty());
        assertThat(Leftovers.of(SECRET, folder)).isEmpty();
    }
}
