/**
 * The contract of pipeline components. A pipeline has three stages: pre-assemble (any number of
 * {@link io.sendport.api.component.MessageComponent}), assemble (at most one {@link io.sendport.api.component.Assembler}) and encode
 * (any number of {@link io.sendport.api.component.Encoder}). One message goes in, one or none comes out. A component of one's own is
 * a record that implements one of the three; its properties are its record components. Only shared kinds of components, with an
 * XML element of their own, need a {@link io.sendport.api.component.ComponentFactory}.
 *
 * <p>Promised: nothing here changes its meaning or goes away within a major version.
 *
 * <p>Null is allowed nowhere. Records, enums and other values are immutable and for any number of threads; an interface says how many
 * threads may use it at once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.component;
