package io.sendport.smtp.sasl;

import javax.security.sasl.SaslException;

/** One log-on under way. Used once, by one thread. */
public interface Mechanism extends AutoCloseable {

    /** As the server names it, such as {@code NTLM}. */
    String name();

    /** Whether what it says first may go out with the AUTH command; else it waits to be asked. */
    default boolean speaksFirst() {
        return true;
    }

    /**
     * What goes out first, with the AUTH command where that can be.
     *
     * @throws SaslException when there is nothing that could be said, with the reason
     */
    byte[] initialResponse() throws SaslException;

    /**
     * The answer to what the server said.
     *
     * @throws SaslException when it is not to be answered; the log-on is then canceled
     */
    byte[] response(byte[] challenge) throws SaslException;

    /** Whether the server may say that we are in: not before it has seen all that the mechanism has to show. */
    boolean isComplete();

    /** Lets go of what the log-on held. */
    @Override
    default void close() {}
}
