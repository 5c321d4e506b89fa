package io.sendport.api.component;

import io.sendport.api.mail.Mail;
import io.sendport.api.message.Message;
import io.sendport.api.settings.Settings;

/** What the host offers an assembler. For the calling thread only, until the call returns. */
public interface AssembleScope extends MessageScope {

    /** The port's effective {@code <mail>} element. */
    Settings mail();

    /**
     * Whether the value of this context property overrides the port's own. That is so when a component of the send pipeline set it, or when
     * the port is dynamic and the submitter set it.
     */
    boolean overrides(String property);

    /**
     * The mail that {@code <mime/>} would make from {@code message}.
     *
     * @throws Exception as {@link Assembler#assemble}
     */
    Mail standard(Message message) throws Exception;
}
