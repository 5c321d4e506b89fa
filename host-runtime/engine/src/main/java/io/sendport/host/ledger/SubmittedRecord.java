package io.sendport.host.ledger;

import java.util.Map;

/**
 * The record of kind {@link Kind#SUBMITTED} of a message.
 *
 * @param message the id of the message; empty if the record is of another kind
 * @param content the digest of its properties and parts
 */
public record SubmittedRecord(String message, String content) {

    /**
     * Reads the header of a record.
     *
     * @param header canonical JSON
     * @throws IllegalArgumentException when the header is not a JSON object
     */
    public static SubmittedRecord of(String header) {
        Map<String, Object> all = Ledger.parse(header);
        boolean isSubmitted = Kind.SUBMITTED.name().equals(all.get("kind"));
        return new SubmittedRecord(
                isSubmitted ? String.valueOf(all.get("message")) : "", String.valueOf(all.get("content")));
    }

    /** Returns whether it describes that message with that digest. */
    public boolean describes(String id, String digest) {
        return message.equals(id) && content.equals(digest);
    }
}
