package io.sendport.testing;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/** Tries a property 200 times in the daily build, and 10,000 times with {@code mvn -Pdeep}. */
public final class DeepTries implements AroundPropertyHook {

    private static final int DAILY = 200;
    private static final int DEEP = 10_000;

    /** On a class it counts for all properties in it. */
    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        context.attributes().setTries(Deep.times(DAILY, DEEP));
        return property.execute();
    }
}
