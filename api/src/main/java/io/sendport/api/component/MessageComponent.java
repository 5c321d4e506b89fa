package io.sendport.api.component;

import io.sendport.api.message.Message;
import java.util.Optional;

/** A component of the pre-assemble stage. */
@FunctionalInterface
public non-sealed interface MessageComponent extends Component {

    /**
     * Returns the message that the next step receives. It must keep parts that it does not change. A property that it sets overrides the
     * port.
     *
     * @return empty when the component consumed the message: nothing is sent, and the ledger records it
     * @throws Exception suspends the message
     */
    Optional<Message> process(Message message, MessageScope scope) throws Exception;
}
