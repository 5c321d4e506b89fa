package io.sendport.smtp.wire;

import io.sendport.api.adapter.Outcome;

/**
 * What an answer means, in one place:
 *
 * <ul>
 *   <li>2xx to the final dot: accepted. Nothing that happens afterwards, at QUIT or in the network, changes that. What the server says unasked
 *       behind it does not either: with the 2xx the server takes responsibility (RFC 5321 section 6.1), it may send 421 at any time (section 3.8),
 *       and whether such text is here already is chance. The connection serves no other mail then.
 *   <li>4xx at any phase, and a connection that could not be made or broke before the final dot: deferred. So is 421 wherever it comes.
 *   <li>5xx to MAIL, RCPT, DATA or the final dot: refused; so is one that comes amid the content. 552 to RCPT is deferred, as RFC 5321 section 4.5.3.1.10 asks: it says "too many
 *       recipients" at old servers.
 *   <li>5xx before MAIL (greeting, EHLO, STARTTLS, AUTH): deferred. It concerns the relay or our credentials, not this message, and goes
 *       away when a person mends them.
 *   <li>No answer between the final dot and its reply, or one that is neither 2xx, 4xx nor 5xx: in doubt.
 *   <li>What is not an SMTP reply ({@link ReplyShape}) counts as a broken connection, and has no code.
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
