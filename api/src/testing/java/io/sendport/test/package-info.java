/**
 * Support for tests of your ports, components and adapters. {@code SendportExtension} runs pipelines and the whole engine inside a JUnit
 * test, with a scripted relay and a settable clock. {@link io.sendport.test.ComponentContract} and {@link
 * io.sendport.test.AdapterContract} check the behavior that the engine relies on in your components and adapters.
 *
 * <p>Null is never allowed. Each class documents whether it is thread-safe.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.test;
