/**
 * The contract of pipeline components. A pipeline has three stages: pre-assemble (any number of {@link
 * io.sendport.api.component.MessageComponent}), assemble (at most one {@link io.sendport.api.component.Assembler}) and encode (any number
 * of {@link io.sendport.api.component.Encoder}). One message goes in; one or none comes out. Your own component is a record that implements
 * one of the three; its properties are its record components. Only shared kinds of components, with their own XML element, need a {@link
 * io.sendport.api.component.ComponentFactory}.
 *
 * <p>Promised: within a major version, nothing is removed and nothing changes its meaning.
 *
 * <p>Null is never allowed. Records, enums and other values are immutable and thread-safe; an interface says how many threads may use it at
 * once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.component;
