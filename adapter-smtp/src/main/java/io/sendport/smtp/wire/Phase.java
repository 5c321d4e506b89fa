package io.sendport.smtp.wire;

/** Where in the dialogue something happened. */
public enum Phase {
    /** Before a connection was opened: nothing was tried. */
    BORROW,
    /** Opening the connection. */
    CONNECT,
    /** The server's greeting. */
    GREETING,
    /** EHLO and what it offers. */
    EHLO,
    /** Turning the connection to TLS. */
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
    /** Between the final dot and its answer: the only phase that leaves a delivery in doubt. */
    FINAL_REPLY,
    /** After the answer. */
    QUIT;

    /** Whether the server had heard nothing of the mail. */
    public boolean isBeforeMail() {
        return compareTo(MAIL) < 0;
    }
}
