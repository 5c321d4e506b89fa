/**
 * Tests of what is sent. {@code SendportExtension} runs the pipelines and the whole engine inside a JUnit test, with a scripted
 * relay and a clock that a test sets. {@link io.sendport.test.ComponentContract} and {@link io.sendport.test.AdapterContract} hold
 * what the engine relies on in components and adapters of your own.
 *
 * <p>Null is never allowed. A class says which threads may use it.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.test;
