package io.sendport.host.box;

import io.sendport.api.message.Context;
import java.time.Instant;

/**
 * The outcome of a message, for ports that subscribe to it (BizTalk: ACK and NACK).
 *
 * @param row the message
 * @param delivered whether every recipient was accepted; otherwise the message is suspended
 * @param why the reason for a failure; empty after a delivery
 * @param at the time of the outcome
 * @param original the properties of the message
 */
public record Acknowledgement(MessageRow row, boolean delivered, String why, Instant at, Context original) {}
