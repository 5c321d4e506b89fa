package io.sendport.config.port;

import java.time.Duration;

/**
 * {@code <rate>}: at most so many messages in any stretch of so much time.
 *
 * @param messages how many
 * @param per how long
 * @param name of what it stands in, with its limits: all who have it from there share it, wherever its line moves
 */
public record Rate(int messages, Duration per, String name) {}
