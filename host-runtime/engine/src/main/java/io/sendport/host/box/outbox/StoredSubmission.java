package io.sendport.host.box.outbox;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import java.util.List;
import java.util.Optional;

/**
 * A row of the outbox with its parts, as an application inserted it. Only the sizes are checked.
 *
 * @param id given by the application; its message has the same
 * @param no its place: rows that a session commits one after the other have rising numbers
 * @param port the name of a port or group; empty: all ports that subscribe
 * @param properties a JSON object
 * @param dedupeKey under which the application would submit it a second time
 * @param submittedBy the role that inserted it, as the database says
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
     * A part as it is stored.
     *
     * @param no 0 for the body
     * @param contentType as the application wrote it; may be empty
     * @param fileName empty when it has none
     * @param properties a JSON object
     * @param inRow its body, if the row has one
     * @param inChunks its body, if there are chunks
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
