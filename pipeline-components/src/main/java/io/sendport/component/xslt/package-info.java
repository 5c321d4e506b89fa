/** Transforms the XML of the body part with a stylesheet that can reach nothing outside. */
@org.jspecify.annotations.NullMarked
package io.sendport.component.xslt;
