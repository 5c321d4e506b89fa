package io.sendport.host.run;

import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.submit.Receipt;
import java.util.List;

/** Where failed messages go (BizTalk: failed message routing). */
public interface FailedMessages {

    /** Routes to no port. */
    FailedMessages NOBODY = (message, report) -> List.of();

    /**
     * Gives a copy of {@code message} to every port that subscribes to {@code report}.
     *
     * @param report the {@code ErrorReport.*} properties; routing ignores the message's own properties, so that it does not come
     *     back
     * @return the copies; empty when no port subscribes
     */
    List<Receipt> route(Message message, Context report);
}
