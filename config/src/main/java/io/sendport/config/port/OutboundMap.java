package io.sendport.config.port;

import io.sendport.support.TransformLimits;
import java.nio.file.Path;

/**
 * A {@code <map>} of a port.
 *
 * @param stylesheet an XSLT 1.0 file
 * @param limits limits of its transformations
 */
public record OutboundMap(Path stylesheet, TransformLimits limits) {}
