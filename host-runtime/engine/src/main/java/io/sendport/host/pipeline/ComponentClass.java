package io.sendport.host.pipeline;

import io.sendport.api.component.Assembler;
import io.sendport.api.component.Component;
import io.sendport.api.component.Encoder;
import io.sendport.api.component.Stage;
import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A component of a plug-in: {@code <component class="...">}. See {@link PluginClass} for its properties. */
final class ComponentClass {

    private static final PluginClass.Kind<Component> KIND =
            new PluginClass.Kind<>(Component.class, "a component", "MessageComponent, Assembler or Encoder");

    private ComponentClass() {}

    /** How long the component may work on one message; empty for no limit. */
    static Optional<Duration> timeout(Settings settings) {
        return settings.has("timeout") ? Optional.of(settings.duration("timeout", Duration.ZERO)) : Optional.empty();
    }

    /** The problems of the element; empty when there are none. */
    static List<Problem> check(Settings settings, Stage stage, PluginFolder plugins) {
        List<Problem> problems = new ArrayList<>();
        Optional<PluginClass<Component>> found = find(settings, stage, plugins, problems);
        found.ifPresent(each -> problems.addAll(each.check()));
        problems.addAll(checkTimeout(settings));
        return problems;
    }

    private static Optional<PluginClass<Component>> find(
            Settings settings, Stage stage, PluginFolder plugins, List<Problem> problems) {
        Optional<PluginClass<Component>> found = PluginClass.find(settings, KIND, plugins, problems);
        Optional<Stage> other = found.map(each -> stageOf(each.type())).filter(each -> each != stage);
        other.ifPresent(each -> problems.add(settings.problem(
                "class",
                settings.text("class", "") + " is not allowed in <" + stage.element() + ">",
                "expected it in <" + each.element() + ">")));
        return found;
    }

    /** The problems of the time limit. */
    static List<Problem> checkTimeout(Settings settings) {
        List<Problem> problems = new ArrayList<>();
        try {
            if (settings.duration("timeout", Duration.ofDays(1)).compareTo(Duration.ZERO) <= 0) {
                problems.add(settings.problem("timeout", "is not positive", "expected a duration such as PT5M"));
            }
        } catch (IllegalArgumentException e) {
            problems.add(settings.problem("timeout", "is not a valid duration", "use ISO 8601, for example PT5M"));
        }
        return problems;
    }

    /**
     * Creates the component.
     *
     * @throws Exception from the constructor, or for a problem that {@link #check} reports
     */
    static Component create(Settings settings, Stage stage, PluginFolder plugins, HostServices host) throws Exception {
        List<Problem> problems = new ArrayList<>();
        return PluginClass.require(find(settings, stage, plugins, problems), problems)
                .create(host);
    }

    /** Creates the component, closes it, and returns the problems. Unlike {@link #check}, this runs code of the class. */
    static List<Problem> tryOut(Settings settings, Stage stage, PluginFolder plugins, HostServices host) {
        List<Problem> problems = new ArrayList<>();
        Optional<PluginClass<Component>> found = find(settings, stage, plugins, problems);
        return problems.isEmpty() ? found.orElseThrow().tryOut(host) : problems;
    }

    static Stage stageOf(Class<?> type) {
        if (Assembler.class.isAssignableFrom(type)) {
            return Stage.ASSEMBLE;
        }
        return Encoder.class.isAssignableFrom(type) ? Stage.ENCODE : Stage.PRE_ASSEMBLE;
    }
}
