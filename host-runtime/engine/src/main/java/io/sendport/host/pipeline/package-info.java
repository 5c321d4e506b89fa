/**
 * Runs send pipelines and seals the mails. {@link io.sendport.host.pipeline.PipelineRun} takes a message through map, stages and seal. The
 * catalog has the available elements, and the plug-in folder loads plug-ins. This package does not use Camel.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.pipeline;
