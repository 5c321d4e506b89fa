package io.sendport.console.api;

import io.sendport.config.read.Reading;
import io.sendport.host.pipeline.Extensions;
import java.util.function.Supplier;

/**
 * Access to the configuration of a process.
 *
 * @param reading reads the current configuration files
 * @param extensions the plug-ins
 */
public record ConfigurationAccess(Supplier<Reading> reading, Extensions extensions) {}
