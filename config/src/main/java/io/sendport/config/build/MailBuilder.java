package io.sendport.config.build;

import java.util.function.Consumer;

/** Builds {@code <mail>}: header and content of the mails of a port or host. Texts may contain macros. Not thread-safe. */
public final class MailBuilder extends ElementBuilder<MailBuilder> {

    MailBuilder(Node node) {
        super(node);
    }

    /** Sets the author. */
    public MailBuilder from(String address) {
        return set("from", address);
    }

    /** Sets the recipients. */
    public MailBuilder to(String... addresses) {
        return set("to", String.join(", ", addresses));
    }

    /** Sets the Cc recipients. */
    public MailBuilder cc(String... addresses) {
        return set("cc", String.join(", ", addresses));
    }

    /** Sets the Bcc recipients. */
    public MailBuilder bcc(String... addresses) {
        return set("bcc", String.join(", ", addresses));
    }

    /** Sets the address for replies. */
    public MailBuilder replyTo(String address) {
        return set("replyTo", address);
    }

    /** Sets the return path; the default is the author. */
    public MailBuilder envelopeFrom(String address) {
        return set("envelopeFrom", address);
    }

    /** Sets the domains that recipients may have: {@code customer.example}, {@code *.partner.example}, {@code *}. */
    public MailBuilder domains(String... domains) {
        return set("domains", String.join(" ", domains));
    }

    /** Sets the subject; the default is the id of the message. */
    public MailBuilder subject(String text) {
        return set("subject", text);
    }

    /** Adds a header field. */
    public MailBuilder header(String name, String value) {
        return add("header", header -> header.set("name", name).set("value", value));
    }

    /** Sets a plain text as the body, in place of the message. */
    public MailBuilder text(String text) {
        return body(body -> body.set("type", "text/plain").text(text));
    }

    /** Sets an HTML text as the body, in place of the message. */
    public MailBuilder html(String text) {
        return body(body -> body.set("type", "text/html").text(text));
    }

    /** Sets a text or a file as the body, in place of the message. */
    public MailBuilder body(Consumer<AnyElement> content) {
        return add("body", content);
    }

    /** Attaches parts of the message, or a file. */
    public MailBuilder attach(Consumer<AnyElement> content) {
        return add("attach", content);
    }
}
