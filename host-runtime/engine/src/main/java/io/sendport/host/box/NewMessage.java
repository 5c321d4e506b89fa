package io.sendport.host.box;

import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A message that is about to be stored in the message box.
 *
 * @param id the message's id
 * @param port the port that sends it
 * @param host that port's host
 * @param application that port's application
 * @param submittedAt the current time
 * @param context its properties, including promoted ones
 * @param parts its parts
 * @param dedupeKey the key by which Sendport recognizes a second submission of the same message
 * @param actor the submitter
 * @param audited the promoted properties that the ledger records
 * @param sourceId the message it is resubmitted from
 */
public record NewMessage(
        MessageId id,
        String port,
        String host,
        String application,
        Instant submittedAt,
        Context context,
        List<Part> parts,
        Optional<String> dedupeKey,
        String actor,
        Map<String, String> audited,
        Optional<MessageId> sourceId) {

    /** This message with other properties. */
    public NewMessage with(Context other) {
        return new NewMessage(
                id, port, host, application, submittedAt, other, parts, dedupeKey, actor, audited, sourceId);
    }
}
