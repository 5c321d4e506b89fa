package io.sendport.api.submit;

import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import java.util.List;
import java.util.Optional;

/**
 * A message to be sent.
 *
 * @param port the name of a send port, or of a group of them; empty: every port that subscribes to it
 * @param context the submitter's properties
 * @param parts at least one; the first is the body part
 * @param dedupeKey a second submission with the same key to the same port gives the first one's id again; at most 200 characters
 * @param actor who submits, as the ledger shall say it
 */
public record Submission(String port, Context context, List<Part> parts, Optional<String> dedupeKey, String actor) {

    /** Copies the list. */
    public Submission {
        parts = List.copyOf(parts);
    }
}
