package io.sendport.api.component;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;

/**
 * A component of the encode stage. It fails closed: when it can't do what it was set to do it throws, and nothing is sent.
 */
@FunctionalInterface
public non-sealed interface Encoder extends Component {

    /**
     * Gives the entity that goes on instead.
     *
     * @throws Exception suspends the message
     */
    Entity encode(Entity entity, EncodeScope scope) throws Exception;

    /**
     * Whether the result names its recipients (as an encryption does), so that each Bcc recipient must get a delivery of their own.
     */
    default boolean namesRecipients() {
        return false;
    }

    /** What of the outer header stays readable on the way; all of it unless the encoder protects headers (RFC 9788). */
    default HeaderFields readableHeader(HeaderFields header) {
        return header;
    }
}
