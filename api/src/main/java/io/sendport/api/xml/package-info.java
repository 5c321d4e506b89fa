/** The only place where an XML parser, schema or stylesheet processor is made: all of them closed to the outside. */
@org.jspecify.annotations.NullMarked
package io.sendport.api.xml;
