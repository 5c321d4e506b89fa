package io.sendport.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a bean method that handles outcomes of messages. The method has one parameter, an {@link io.sendport.api.outcome.OutcomeEvent}.
 *
 * <p>The method receives one event at a time, each at least once. If the method throws, it receives the same event again, and later events
 * wait. With positions in the database, the method runs in a transaction that also stores the position.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SendportListener {

    /** The name under which the position is stored. Default: the names of bean and method, such as {@code orderService.invoiceSent}. */
    String reader() default "";
}
