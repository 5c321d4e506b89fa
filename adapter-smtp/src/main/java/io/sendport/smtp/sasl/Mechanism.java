package io.sendport.smtp.sasl;

import javax.security.sasl.SaslException;

/** One log-on in progress. Used once, by one thread. */
public interface Mechanism extends AutoCloseable {

    /** The name that servers use, such as {@code NTLM}. */
    String name();

    /** Whether the initial response may be sent with the AUTH command; otherwise it waits for a challenge. */
    default boolean speaksFirst() {
        return true;
    }

    /**
     * The initial response, sent with the AUTH command where possible.
     *
     * @throws SaslException when no response is possible, with the reason
     */
    byte[] initialResponse() throws SaslException;

    /**
     * The response to a challenge.
     *
     * @throws SaslException when the challenge must not be answered; the log-on is then canceled
     */
    byte[] response(byte[] challenge) throws SaslException;

    /** Whether the server may confirm the log-on: only after the mechanism has sent everything. */
    boolean isComplete();

    /** Releases what the log-on held. */
    @Override
    default void close() {}
}
