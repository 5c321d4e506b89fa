package io.sendport.testing;

import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/** Deals out the slow properties of a class over the days of a week, as {@link InTurn} does with tests of JUnit. */
public final class PropertiesInTurn implements SkipExecutionHook {

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        if (!(context instanceof PropertyLifecycleContext property)) {
            return SkipResult.doNotSkip();
        }
        int days = Deep.daysUntilTurn(InTurnCondition.number(property.containerClass(), property.targetMethod()));
        return days == 0 ? SkipResult.doNotSkip() : SkipResult.skip("its turn comes in " + days + " days, see InTurn");
    }
}
