package io.sendport.config.port;

import io.sendport.api.settings.Settings;

/**
 * How something stands in the file, for people. Two that mean the same may be written differently.
 *
 * @param element as written
 */
public record Written(Settings element) {}
