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
 * The result of one attempt, in SMTP terms.
 *
 * @param answers one for each recipient of the delivery, in its order
 * @param channel TLS and log-on of the connection
 * @param queueId the relay's id of the mail, if its reply contains one; may be empty
 * @param elapsed from opening the connection, or from MAIL on an open connection, to the reply
 * @param dialogue the dialogue, one line each, without secrets
 * @param advice what to do next, in addition to the outcomes
 */
record SmtpResult(
        List<Answer> answers, Channel channel, String queueId, Duration elapsed, List<String> dialogue, Advice advice) {

    /** The reply code with which a server ends the dialogue for its own reasons (RFC 5321 section 3.8). */
    private static final int CLOSING = 421;

    /** A result without advice. */
    SmtpResult(List<Answer> answers, Channel channel, String queueId, Duration elapsed, List<String> dialogue) {
        this(answers, channel, queueId, elapsed, dialogue, Advice.NONE);
    }

    /** This result with advice. */
    SmtpResult with(Advice other) {
        return new SmtpResult(answers, channel, queueId, elapsed, dialogue, other);
    }

    /** The result for the engine. */
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

    /** The fault of a server that accepted the connection: it did not answer, or closed the connection. */
    private Optional<PeerFault> fault() {
        Answer first = answers.get(0);
        boolean silent = answers.stream().allMatch(each -> each.reply().code() == 0 && isAsked(each));
        boolean closing = answers.stream().allMatch(each -> each.reply().code() == CLOSING);
        return silent || closing
                ? Optional.of(new PeerFault(
                        silent ? PeerFault.Kind.SILENT : PeerFault.Kind.REFUSES, first.phase() + " " + first.reply()))
                : Optional.empty();
    }

    /** Whether a reply was expected from the server: not to something that could not be sent, and not before the end of the mail. */
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
