package io.sendport.host.ledger;

import java.util.Map;

/**
 * What the ledger says of a message as it was submitted.
 *
 * @param message its id
 * @param content the digest over its properties and parts
 */
public record SubmittedRecord(String message, String content) {

    /**
     * What the header of a record says.
     *
     * @param header canonical JSON
     * @throws IllegalArgumentException when it is no JSON object
     */
    public static SubmittedRecord of(String header) {
        Map<String, Object> all = Ledger.parse(header);
        boolean isSubmitted = Kind.SUBMITTED.name().equals(all.get("kind"));
        return new SubmittedRecord(
                isSubmitted ? String.valueOf(all.get("message")) : "", String.valueOf(all.get("content")));
    }

    /** Whether it tells of that message with that digest. */
    public boolean describes(String id, String digest) {
        return message.equals(id) && content.equals(digest);
    }
}
