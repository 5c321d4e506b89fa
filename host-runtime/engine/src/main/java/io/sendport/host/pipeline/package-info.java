/**
 * Runs a send pipeline and seals what comes out. {@link io.sendport.host.pipeline.PipelineRun} is the way of one message through map,
 * stages and seal; the catalogue knows which elements there are, the plug-in folder brings components of one's own. No Camel here.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.pipeline;
