package io.sendport.host.run.submit;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.host.box.Acknowledgement;
import java.nio.charset.StandardCharsets;

/**
 * The content of an acknowledgement of another message: BizTalk's properties for subscribers, and a sentence for readers.
 *
 * @param context {@code BTS.AckType}, {@code BTS.AckID}, {@code BTS.AckSendPortName}, {@code BTS.AckDescription} if the message failed, and
 *     the {@code BTS.CorrelationToken} of the acknowledged message if it has one
 * @param part the sentence, as the body
 */
record AcknowledgementMessage(Context context, Part part) {

    static AcknowledgementMessage of(Acknowledgement outcome) {
        Context context = Context.empty()
                .with(MessageProperties.ACK_TYPE, outcome.delivered() ? "ACK" : "NACK")
                .with(MessageProperties.ACK_ID, outcome.row().id().value())
                .with(MessageProperties.ACK_PORT, outcome.row().port());
        if (!outcome.delivered()) {
            context = context.with(MessageProperties.ACK_DESCRIPTION, outcome.why());
        }
        String token =
                outcome.original().get(MessageProperties.CORRELATION_TOKEN).orElse("");
        if (!token.isEmpty()) {
            context = context.with(MessageProperties.CORRELATION_TOKEN, token);
        }
        String text =
                "Message " + outcome.row().id() + " of port " + outcome.row().port()
                        + (outcome.delivered() ? " was delivered at " : " failed at ") + outcome.at()
                        + (outcome.delivered() ? "" : ": " + outcome.why()) + "\r\n";
        return new AcknowledgementMessage(
                context, Part.body("text/plain; charset=utf-8", Body.of(text, StandardCharsets.UTF_8)));
    }
}
