/** A sample of docs/spring-boot.md. */
@org.jspecify.annotations.NullMarked
package io.sendport.samples.orders;
