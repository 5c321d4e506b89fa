/**
 * Tools that Sendport's own components, adapters and configuration share, such as the only place where an XML parser, schema or stylesheet
 * processor is made. No promise: any version may change or remove what is here.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.support;
