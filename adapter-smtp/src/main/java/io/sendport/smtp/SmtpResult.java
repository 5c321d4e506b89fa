package io.sendport.smtp;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Contact;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.PeerFault;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Channel;
import io.sendport.smtp.wire.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of one attempt, in SMTP's terms.
 *
 * @param answers one for each recipient of the delivery, in its order
 * @param channel how the bytes travelled
 * @param queueId what the relay calls the mail, as far as its reply says; may be empty
 * @param elapsed from opening the connection, or from MAIL on one that was open, to the reply
 * @param dialogue what was said, a line each, secrets taken out
 * @param advice what to do next, beside the outcomes
 */
record SmtpResult(
        List<Answer> answers, Channel channel, String queueId, Duration elapsed, List<String> dialogue, Advice advice) {

    /** The reply to it ends a talk for the server's own reasons (RFC 5321 section 3.8). */
    private static final int CLOSING = 421;

    /** Without advice. */
    SmtpResult(List<Answer> answers, Channel channel, String queueId, Duration elapsed, List<String> dialogue) {
        this(answers, channel, queueId, elapsed, dialogue, Advice.NONE);
    }

    /** This result with advice. */
    SmtpResult with(Advice other) {
        return new SmtpResult(answers, channel, queueId, elapsed, dialogue, other);
    }

    /** For the engine. */
    DeliveryResult forEngine() {
        return new DeliveryResult(
                answers.stream().map(Answer::result).toList(),
                contact(),
                channel.relay(),
                Facts.of("tls", channel.tls()).with("auth", channel.auth()).with("queueId", queueId),
                elapsed,
                dialogue,
                advice,
                fault());
    }

    /** Of a server that was connected: it said nothing, or went away. */
    private Optional<PeerFault> fault() {
        Answer first = answers.get(0);
        boolean silent = answers.stream().allMatch(each -> each.reply().code() == 0 && isAsked(each));
        boolean closing = answers.stream().allMatch(each -> each.reply().code() == CLOSING);
        return silent || closing
                ? Optional.of(new PeerFault(
                        silent ? PeerFault.Kind.SILENT : PeerFault.Kind.REFUSES, first.phase() + " " + first.reply()))
                : Optional.empty();
    }

    /** Whether the server owed a reply: not to what cannot be said to it, and not before the end of the mail. */
    private static boolean isAsked(Answer answer) {
        return answer.outcome() != Outcome.REFUSED && answer.phase() != Phase.CONTENT;
    }

    private Contact contact() {
        if (answers.stream().allMatch(each -> each.phase().isBeforeMail())) {
            boolean silent = answers.stream()
                    .allMatch(each -> each.reply().code() == 0 || each.reply().code() == CLOSING);
            return silent ? Contact.NONE : Contact.NOT_ADMITTED;
        }
        return answers.stream().allMatch(each -> each.reply().code() == CLOSING) ? Contact.ENDED : Contact.MADE;
    }
}
