package io.sendport.api.component;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;

/** A component of the encode stage. It fails closed: when it cannot do what it is configured to do, it throws, and nothing is sent. */
@FunctionalInterface
public non-sealed interface Encoder extends Component {

    /**
     * Returns the entity that replaces {@code entity}.
     *
     * @throws Exception suspends the message
     */
    Entity encode(Entity entity, EncodeScope scope) throws Exception;

    /** Whether the result reveals its recipients, as encryption does. If so, each Bcc recipient gets a separate delivery. */
    default boolean namesRecipients() {
        return false;
    }

    /** The fields of the outer header that stay readable on the way. All of them unless the encoder protects headers (RFC 9788). */
    default HeaderFields readableHeader(HeaderFields header) {
        return header;
    }
}
