package io.sendport.api.mail;

/**
 * The mail that an assembler makes from a message.
 *
 * @param envelope for the relay
 * @param header the outer header fields, without Content-* and never with Bcc; they stay readable on the way
 * @param entity what encoders sign and encrypt
 */
public record Mail(Envelope envelope, HeaderFields header, Entity entity) {

    /**
     * Checks the header.
     *
     * @throws IllegalArgumentException when it holds Bcc, Return-Path or a Content-* field
     */
    public Mail {
        for (String name : header.names()) {
            if (name.equalsIgnoreCase("Bcc")
                    || name.equalsIgnoreCase("Resent-Bcc")
                    || name.equalsIgnoreCase("Return-Path")
                    || Entity.isContentField(name)) {
                throw new IllegalArgumentException("the outer header cannot have the field " + name);
            }
        }
    }

    /** This mail with another entity. */
    public Mail withEntity(Entity other) {
        return new Mail(envelope, header, other);
    }
}
