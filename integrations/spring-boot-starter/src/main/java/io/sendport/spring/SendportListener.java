package io.sendport.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a bean that handles what became of messages. The method has one parameter, an {@link io.sendport.api.outcome.OutcomeEvent}.
 *
 * <p>Events come one after the other, each at least once. When the method throws, the event comes again, and those after it wait. With positions in the database, the method
 * runs in a transaction that also stores the position.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SendportListener {

    /** The name under which the position is kept; by default the name of the bean and of the method. */
    String reader() default "";
}
