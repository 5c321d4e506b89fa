package io.sendport.smtp.wire;

/** The phase of the dialogue in which something happened. */
public enum Phase {
    /** Before a connection was opened: nothing was attempted. */
    BORROW,
    /** Opening the connection. */
    CONNECT,
    /** The server's greeting. */
    GREETING,
    /** EHLO and the offered extensions. */
    EHLO,
    /** Starting TLS. */
    STARTTLS,
    /** Logging on. */
    AUTH,
    /** MAIL FROM. */
    MAIL,
    /** RCPT TO. */
    RCPT,
    /** DATA. */
    DATA,
    /** Sending the content. */
    CONTENT,
    /** Between the final dot and its reply: the only phase that leaves a delivery in doubt. */
    FINAL_REPLY,
    /** After the final reply. */
    QUIT;

    /** Whether the server had learned nothing of the mail yet. */
    public boolean isBeforeMail() {
        return compareTo(MAIL) < 0;
    }
}
