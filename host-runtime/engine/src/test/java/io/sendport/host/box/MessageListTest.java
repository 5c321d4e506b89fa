package io.sendport.host.box;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import java.nio.file.Path;

class MessageListTest extends MessageListContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestBox.settings(place);
    }
}
