package io.sendport.host.ledger.checkpoint;

/**
 * A finding that keeps every verification from success until the auditor accepts it by its id.
 *
 * @param id the id by which the auditor accepts it
 * @param text a description of the finding
 * @param isAccepted whether the auditor accepted it
 */
public record Notice(String id, String text, boolean isAccepted) {}
