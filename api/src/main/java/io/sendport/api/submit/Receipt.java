package io.sendport.api.submit;

import io.sendport.api.message.MessageId;

/**
 * The message is on disk.
 *
 * @param id names it from now on
 * @param port the port that sends it
 * @param duplicate an earlier submission had the same dedupe key; {@code id} is its id and nothing new was stored
 */
public record Receipt(MessageId id, String port, boolean duplicate) {}
