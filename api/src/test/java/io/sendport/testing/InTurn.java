package io.sendport.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Slow tests that take turns: the daily build runs a seventh of them, so that all run within a week. {@code -Pdeep} runs all of
 * them, as does {@code -Dsendport.day=all}; {@code -Dsendport.day=N} runs those of day N since 1970. On a class it deals out the tests of
 * the class, and each invocation of a parameterized one.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(InTurnCondition.class)
public @interface InTurn {}
