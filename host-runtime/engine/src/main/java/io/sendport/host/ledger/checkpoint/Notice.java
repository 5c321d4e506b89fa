package io.sendport.host.ledger.checkpoint;

/**
 * Something that a verification names each time, until the auditor who knows of it passes its id.
 *
 * @param id by which the auditor accepts it
 * @param text what it is
 * @param isAccepted whether that was done
 */
public record Notice(String id, String text, boolean isAccepted) {}
