package io.sendport.config.port;

import io.sendport.api.settings.Settings;

/**
 * An element as the author of the configuration wrote it, for display to people. Comparisons ignore it, because the same meaning can be
 * written in several ways.
 *
 * @param element the element
 */
public record Written(Settings element) {}
