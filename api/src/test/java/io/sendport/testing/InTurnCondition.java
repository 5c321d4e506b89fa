package io.sendport.testing;

import java.lang.reflect.Method;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Numbers the tests that are marked {@link InTurn}, so that those of one class come on different days. */
final class InTurnCondition implements ExecutionCondition {

    private static final Pattern INVOCATION = Pattern.compile("\\[test-template-invocation:#(\\d+)]");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            return ConditionEvaluationResult.enabled("the tests of a class take turns, one by one");
        }
        Method method = context.getRequiredTestMethod();
        Matcher invocation = INVOCATION.matcher(context.getUniqueId());
        boolean isInvocation = invocation.find();
        if (!isInvocation && AnnotationSupport.isAnnotated(method, TestTemplate.class)) {
            return ConditionEvaluationResult.enabled("its invocations take turns");
        }
        Class<?> tests = context.getRequiredTestClass();
        int number = number(tests, method) + (isInvocation ? Integer.parseInt(invocation.group(1)) : 0);
        int days = Deep.daysUntilTurn(number);
        return days == 0
                ? ConditionEvaluationResult.enabled("its turn")
                : ConditionEvaluationResult.disabled("its turn comes in " + days + " days, see InTurn");
    }

    /** Numbers the tests and properties of a class one after the other. */
    static int number(Class<?> tests, Method method) {
        return tests.getName().hashCode() % 1_000
                + names(tests).headSet(method.getName()).size();
    }

    private static SortedSet<String> names(Class<?> tests) {
        SortedSet<String> names = new TreeSet<>();
        for (Class<?> each = tests; each != null; each = each.getSuperclass()) {
            for (Method method : each.getDeclaredMethods()) {
                if (AnnotationSupport.isAnnotated(method, Testable.class)) {
                    names.add(method.getName());
                }
            }
        }
        return names;
    }
}
