package io.sendport.api.submit;

import io.sendport.api.message.MessageId;

/**
 * Confirms that the message is on disk.
 *
 * @param id the permanent id of the message
 * @param port the port that sends it
 * @param duplicate an earlier submission had the same dedupe key; {@code id} is its id and nothing new was stored
 */
public record Receipt(MessageId id, String port, boolean duplicate) {}
