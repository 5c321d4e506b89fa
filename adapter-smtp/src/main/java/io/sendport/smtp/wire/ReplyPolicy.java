package io.sendport.smtp.wire;

import io.sendport.api.adapter.Outcome;

/**
 * The meaning of replies, in one place:
 *
 * <ul>
 *   <li>2xx to the final dot: accepted. Nothing that happens afterwards, at QUIT or in the network, changes that. Unsolicited text after it
 *       does not change it either. With the 2xx the server takes responsibility (RFC 5321 section 6.1), it may send 421 at any time
 *       (section 3.8), and the arrival time of such text is random. After such text, the connection is not used for another mail.
 *   <li>4xx at any phase, 421 at any time, and a connection that failed or broke before the final dot: deferred.
 *   <li>5xx to MAIL, RCPT, DATA or the final dot, or within the content: refused. 552 to RCPT is deferred, as RFC 5321 section 4.5.3.1.10
 *       requires: old servers use it for "too many recipients".
 *   <li>5xx before MAIL (greeting, EHLO, STARTTLS, AUTH): deferred. It concerns the relay or the credentials, not this message, and an
 *       operator can fix it.
 *   <li>No reply after the final dot, or a reply that is neither 2xx, 4xx nor 5xx: in doubt.
 *   <li>Text that is not an SMTP reply ({@link ReplyShape}) counts as a broken connection, without a code.
 * </ul>
 */
public final class ReplyPolicy {

    private ReplyPolicy() {}

    public static Outcome outcome(Phase phase, Reply reply) {
        if (reply.code() == 0) {
            return phase == Phase.FINAL_REPLY ? Outcome.IN_DOUBT : Outcome.DEFERRED;
        }
        if (phase == Phase.FINAL_REPLY && !reply.isTransient() && !reply.isPermanent()) {
            return reply.code() / 100 == 2 ? Outcome.ACCEPTED : Outcome.IN_DOUBT;
        }
        boolean aboutTheMessage =
                switch (phase) {
                    case MAIL, RCPT, DATA, CONTENT, FINAL_REPLY -> true;
                    default -> false;
                };
        boolean tooManyRecipients = phase == Phase.RCPT && reply.code() == 552;
        return aboutTheMessage && reply.isPermanent() && !tooManyRecipients ? Outcome.REFUSED : Outcome.DEFERRED;
    }
}
