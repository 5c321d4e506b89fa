/**
 * Runs a send pipeline and seals its results. {@link io.sendport.host.pipeline.PipelineRun} takes one message through map, stages
 * and seal. The catalog knows the elements, and the plug-in folder loads custom components. No Camel here.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.pipeline;
