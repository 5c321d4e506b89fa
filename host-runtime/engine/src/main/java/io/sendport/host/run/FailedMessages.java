package io.sendport.host.run;

import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.submit.Receipt;
import java.util.List;

/** Routes failed messages to ports that subscribe to failures (BizTalk: failed message routing). */
public interface FailedMessages {

    /** Routes to no port. */
    FailedMessages NONE = (message, report) -> List.of();

    /**
     * Submits a copy of {@code message} to every port that subscribes to {@code report}.
     *
     * @param report the {@code ErrorReport.*} properties; subscriptions see only these, so that the message does not come back to its port
     * @return the copies; empty when no port subscribes
     */
    List<Receipt> route(Message message, Context report);
}
