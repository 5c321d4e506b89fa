package io.sendport.config;

import io.sendport.api.settings.Origin;
import java.time.Duration;

/**
 * {@code <rate>}: at most so many messages in any stretch of so much time.
 *
 * @param messages how many
 * @param per how long
 * @param origin where it stands: all who have it from the same place share it
 */
public record Rate(int messages, Duration per, Origin origin) {}
