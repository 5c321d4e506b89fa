package io.sendport.host.ledger.checkpoint;

/**
 * A finding that every verification repeats until the auditor accepts it by its id.
 *
 * @param id identifies it for acceptance
 * @param text the finding
 * @param isAccepted whether it was accepted
 */
public record Notice(String id, String text, boolean isAccepted) {}
