package io.sendport.config;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.config.port.Written;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares parts of a configuration by meaning, wherever they are written. Moving a line is not a change. */
public final class Equivalence {

    private Equivalence() {}

    /** The names of the components in which two records of a type differ. */
    static List<String> differences(Record before, Record after) {
        List<String> names = new ArrayList<>();
        for (RecordComponent each : before.getClass().getRecordComponents()) {
            if (!isEquivalent(value(each, before), value(each, after))) {
                names.add(each.getName());
            }
        }
        return names;
    }

    /** Whether both mean the same. */
    public static boolean isEquivalent(@Nullable Object before, @Nullable Object after) {
        if (before == null || after == null) {
            return before == after;
        }
        if (before instanceof Origin || before instanceof Written) {
            return true;
        }
        if (before instanceof Settings one && after instanceof Settings other) {
            return one.element().equals(other.element())
                    && one.content().equals(other.content())
                    && isEquivalent(values(one), values(other))
                    && isEquivalent(one.children(), other.children());
        }
        if (before instanceof List<?> one && after instanceof List<?> other) {
            return areEquivalent(one, other);
        }
        if (before instanceof Map<?, ?> one && after instanceof Map<?, ?> other) {
            return one.keySet().equals(other.keySet())
                    && one.keySet().stream().allMatch(key -> isEquivalent(one.get(key), other.get(key)));
        }
        if (before instanceof Optional<?> one && after instanceof Optional<?> other) {
            return isEquivalent(one.orElse(null), other.orElse(null));
        }
        if (before instanceof Pattern one && after instanceof Pattern other) {
            return one.pattern().equals(other.pattern()) && one.flags() == other.flags();
        }
        if (before instanceof Record one && after instanceof Record other) {
            return one.getClass() == other.getClass() && differences(one, other).isEmpty();
        }
        return before.equals(after);
    }

    /** Paths in settings are relative to the folder of their file, so the folder is part of the meaning. */
    private static Map<String, List<String>> values(Settings settings) {
        Map<String, List<String>> values = new java.util.TreeMap<>();
        for (Map.Entry<String, Setting> each : settings.attributes().entrySet()) {
            Setting setting = each.getValue();
            values.put(
                    each.getKey(),
                    List.of(setting.value(), setting.origin().folder().toString()));
        }
        return values;
    }

    private static boolean areEquivalent(List<?> one, List<?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!isEquivalent(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Object value(RecordComponent component, Record of) {
        try {
            var accessor = component.getAccessor();
            accessor.trySetAccessible();
            return accessor.invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
