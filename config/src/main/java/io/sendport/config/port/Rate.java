package io.sendport.config.port;

import java.time.Duration;

/**
 * {@code <rate>}: a maximum number of messages in any period of a given length.
 *
 * @param messages the maximum number
 * @param per the length of the period
 * @param name the name of the owning element, with its limits; all users of that rate share it, even if its line moves
 */
public record Rate(int messages, Duration per, String name) {}
