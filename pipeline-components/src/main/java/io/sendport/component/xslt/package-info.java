/** Transforms the XML of the body part with a stylesheet that has no access to anything outside. */
@org.jspecify.annotations.NullMarked
package io.sendport.component.xslt;
