/** Sendport in a Spring Boot application: docs/spring-boot.md. */
@org.jspecify.annotations.NullMarked
package io.sendport.spring;
