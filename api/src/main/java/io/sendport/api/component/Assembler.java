package io.sendport.api.component;

import io.sendport.api.mail.Mail;
import io.sendport.api.message.Message;

/** The component of the assemble stage. */
@FunctionalInterface
public non-sealed interface Assembler extends Component {

    /**
     * Makes the mail. An assembler that only needs different content calls {@link AssembleScope#standard} and replaces the entity.
     *
     * @throws Exception suspends the message
     */
    Mail assemble(Message message, AssembleScope scope) throws Exception;
}
