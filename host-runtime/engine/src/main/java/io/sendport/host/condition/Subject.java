package io.sendport.host.condition;

import io.sendport.support.text.Text;

/**
 * The port, server, instance or other thing that a condition concerns.
 *
 * @param type the type of the subject
 * @param name its name, such as a port's name or {@code host:port} of a relay; never a secret or message content
 */
public record Subject(Type type, String name) implements Comparable<Subject> {

    /** The types of subjects. */
    public enum Type {
        /** A send port. */
        PORT,
        /** A server that ports send to. */
        RELAY,
        /** The account of a host at a server. */
        CREDENTIAL,
        /** A certificate that is in use. */
        CERTIFICATE,
        /** The feeds of a host, or an application that submits through the outbox. */
        FEED,
        /** A pipeline component. */
        COMPONENT,
        /** The message box. */
        STORE,
        /** The disk that the message box is on. */
        DISK,
        /** The audit ledger. */
        LEDGER,
        /** A channel for alerts. */
        CHANNEL,
        /** The configuration files. */
        CONFIGURATION,
        /** A host instance, its process or its machine. */
        INSTANCE;

        /** Returns the name for users. */
        public String word() {
            return Text.word(this);
        }
    }

    @Override
    public int compareTo(Subject other) {
        int byType = type.compareTo(other.type);
        return byType != 0 ? byType : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return type.word() + " " + name;
    }
}
