package io.sendport.host.box.outbox;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import java.util.List;
import java.util.Optional;

/**
 * A submission in the outbox with its parts, as an application inserted it. Nothing but its sizes was checked.
 *
 * @param id the id that the application chose; its message has the same id
 * @param no its number; submissions that a session commits one after the other have rising numbers
 * @param port the name of a port or group; empty for all ports that subscribe
 * @param properties a JSON object
 * @param dedupeKey the key by which Sendport recognizes a second submission
 * @param submittedBy the role of the database that inserted it
 * @param mayUsePort whether {@code submission_grant} lets that role submit to the port
 * @param parts the body first
 */
public record StoredSubmission(
        MessageId id,
        long no,
        String port,
        String properties,
        Optional<String> dedupeKey,
        String submittedBy,
        boolean mayUsePort,
        List<StoredPart> parts) {

    /**
     * A part as the application inserted it.
     *
     * @param no 0 for the body
     * @param contentType as the application wrote it; may be empty
     * @param fileName its file name; empty when it has none
     * @param properties a JSON object
     * @param inRow the body in its row; empty when the row has none
     * @param inChunks the body in chunks; empty when there are none
     * @param isWhole whether the numbers of the chunks go up from 0 without a gap
     */
    public record StoredPart(
            int no,
            String contentType,
            Optional<String> fileName,
            String properties,
            Optional<Body> inRow,
            Optional<Body> inChunks,
            boolean isWhole) {}
}
