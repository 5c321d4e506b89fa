package io.sendport.api.component;

import io.sendport.api.mail.Mail;
import io.sendport.api.message.Message;
import io.sendport.api.settings.Settings;

/** What the host lends an assembler. For the thread of the call, until the call returns. */
public interface AssembleScope extends MessageScope {

    /** The port's effective {@code <mail>} element. */
    Settings mail();

    /**
     * Whether the value of this context property wins over the port's own: a component of the send pipeline set it, or the port is
     * dynamic and the submitter did.
     */
    boolean overrides(String property);

    /**
     * The mail that {@code <mime/>} would make of {@code message}.
     *
     * @throws Exception as {@link Assembler#assemble}
     */
    Mail standard(Message message) throws Exception;
}
