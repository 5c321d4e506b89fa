package io.sendport.host.ledger;

import java.util.Map;

/**
 * The ledger's record of a message's submission.
 *
 * @param message its id
 * @param content the digest of its properties and parts
 */
public record SubmittedRecord(String message, String content) {

    /**
     * Reads the header of a record.
     *
     * @param header canonical JSON
     * @throws IllegalArgumentException when it is not a JSON object
     */
    public static SubmittedRecord of(String header) {
        Map<String, Object> all = Ledger.parse(header);
        boolean isSubmitted = Kind.SUBMITTED.name().equals(all.get("kind"));
        return new SubmittedRecord(
                isSubmitted ? String.valueOf(all.get("message")) : "", String.valueOf(all.get("content")));
    }

    /** Whether it describes that message with that digest. */
    public boolean describes(String id, String digest) {
        return message.equals(id) && content.equals(digest);
    }
}
