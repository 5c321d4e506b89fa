package io.sendport.host.run;

import io.sendport.api.message.Context;
import io.sendport.api.message.Properties;
import io.sendport.config.SendPort;
import io.sendport.host.box.MessageRow;
import java.time.Instant;

/** BizTalk's {@code ErrorReport} properties of a message that failed. */
final class FailureReport {

    private FailureReport() {}

    static Context of(SendPort port, MessageRow row, String instance, String why, Instant now) {
        return Context.empty()
                .with(Properties.ERROR_TYPE, "FailedMessage")
                .with(Properties.ERROR_DESCRIPTION, why)
                .with(Properties.ERROR_PORT, port.name())
                .with(Properties.ERROR_ADAPTER, port.transport().element())
                .with(
                        Properties.ERROR_LOCATION,
                        port.transport().text("host", port.transport().text("uri", "")))
                .with(Properties.ERROR_MESSAGE_ID, row.id().value())
                .with(Properties.ERROR_INSTANCE, instance)
                .with(Properties.ERROR_TIME, now);
    }
}
