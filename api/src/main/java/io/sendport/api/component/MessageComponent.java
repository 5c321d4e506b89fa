package io.sendport.api.component;

import io.sendport.api.message.Message;
import java.util.Optional;

/** A component of the pre-assemble stage. */
@FunctionalInterface
public non-sealed interface MessageComponent extends Component {

    /**
     * Gives the message as it goes on; parts it doesn't care about are to be kept. A property it sets wins over the port.
     *
     * @return empty when the component consumed the message: nothing is sent, and the ledger says so
     * @throws Exception suspends the message
     */
    Optional<Message> process(Message message, MessageScope scope) throws Exception;
}
