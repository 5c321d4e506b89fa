package io.sendport.host.run;

import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.submit.Receipt;
import java.util.List;

/** Where failed messages go (BizTalk: failed message routing). */
public interface FailedMessages {

    /** Nobody wants them. */
    FailedMessages NOBODY = (message, report) -> List.of();

    /**
     * Gives a copy of {@code message} to every port that subscribes to {@code report}.
     *
     * @param report the {@code ErrorReport.*} properties; the message's own are no longer looked at, so that it does not come back
     * @return the copies; empty when nobody subscribes
     */
    List<Receipt> route(Message message, Context report);
}
