/**
 * Utilities that Sendport's own components, adapters and configuration share. For example, XML parsers, schemas and stylesheet processors
 * are created only here. Not a promised API: any version may change or remove what is here.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.support;
