package io.sendport.console.api;

import io.sendport.config.read.Reading;
import io.sendport.host.pipeline.Extensions;
import java.util.function.Supplier;

/**
 * What is needed to look at the configuration of a process.
 *
 * @param reading reads it as it is in its files now
 * @param extensions plug-ins
 */
public record Workbench(Supplier<Reading> reading, Extensions extensions) {}
