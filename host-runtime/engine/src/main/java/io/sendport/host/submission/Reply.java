package io.sendport.host.submission;

import io.sendport.support.text.Text;

/**
 * A reply of the server (RFC 5321 section 4.2, RFC 3463). Immutable.
 *
 * @param code three digits
 * @param status the enhanced status code; empty when there is none
 * @param text the text for people
 */
record Reply(int code, String status, String text) {

    private static final int MAX_LENGTH = 400;

    static final Reply OK = new Reply(250, "2.0.0", "Ok");
    static final Reply BYE = new Reply(221, "2.0.0", "Bye");
    static final Reply GO_AHEAD = new Reply(354, "", "End data with <CR><LF>.<CR><LF>");
    static final Reply READY_FOR_TLS = new Reply(220, "2.0.0", "Ready to start TLS");
    static final Reply NOT_NOW = new Reply(451, "4.3.0", "Messages cannot be stored at the moment; try again later");
    static final Reply UNKNOWN = new Reply(502, "5.5.1", "Command not implemented");
    static final Reply ARGUMENTS = new Reply(501, "5.5.4", "Syntax error in arguments");
    static final Reply ORDER = new Reply(503, "5.5.1", "Bad sequence of commands");
    static final Reply STOPPING = new Reply(421, "4.3.2", "The server is shutting down; try again later");
    static final Reply TOO_MANY_ERRORS = new Reply(421, "4.7.0", "Too many errors");
    static final Reply TOO_MANY_COMMANDS = new Reply(421, "4.7.0", "Too many commands without a mail");
    static final Reply LONG_LINE = new Reply(500, "5.5.2", "The line is too long");
    static final Reply BROKEN_LINE = new Reply(500, "5.5.2", "The line is not valid UTF-8 text ending in CR LF");
    static final Reply NEEDS_UTF8 = new Reply(553, "5.6.7", "A non-ASCII address needs SMTPUTF8 in MAIL");
    static final Reply TOO_MANY_CONNECTIONS = new Reply(421, "4.7.0", "Too many connections; try again later");
    static final Reply TALKED_EARLY = new Reply(554, "5.5.0", "Data received before the server was ready for it");
    static final Reply LOG_ON_FIRST = new Reply(530, "5.7.0", "Log on first");
    static final Reply TLS_FIRST = new Reply(530, "5.7.0", "Issue STARTTLS first");

    static Reply tooLarge(long limit) {
        return new Reply(552, "5.3.4", "The mail is larger than the limit of " + limit + " bytes");
    }

    /** The reply as one line, without CR LF. */
    String line() {
        return code + (status.isEmpty() ? " " : " " + status + " ") + Text.printable(text, MAX_LENGTH);
    }

    /** Whether it reports an error of the client. */
    boolean isError() {
        return code >= 500;
    }
}
