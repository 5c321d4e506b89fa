package io.sendport.host.box;

import io.sendport.api.message.Context;
import java.time.Instant;

/**
 * What became of a message, for whoever subscribes to that (BizTalk: ACK and NACK).
 *
 * @param row the message
 * @param delivered whether every recipient was accepted; else it is suspended
 * @param why why not; empty when it was
 * @param at when
 * @param original the properties of the message
 */
public record Acknowledgement(MessageRow row, boolean delivered, String why, Instant at, Context original) {}
