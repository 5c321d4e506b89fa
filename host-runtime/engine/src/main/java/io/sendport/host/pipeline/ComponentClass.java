package io.sendport.host.pipeline;

import io.sendport.api.component.Assembler;
import io.sendport.api.component.Component;
import io.sendport.api.component.Encoder;
import io.sendport.api.component.Stage;
import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.config.read.ConfigurationException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A custom component: a class that implements a kind of component. Its only public constructor takes the properties, each as a
 * parameter with the property's name. A record fulfills that naturally. A parameter of type {@link Optional} may be omitted; one of
 * type {@link HostServices} is not a property, and receives the host.
 */
final class ComponentClass {

    private final Constructor<?> constructor;
    private final Settings settings;

    private ComponentClass(Constructor<?> constructor, Settings settings) {
        this.constructor = constructor;
        this.settings = settings;
    }

    /** How long one message may be with it; empty for no limit. */
    static Optional<Duration> timeout(Settings settings) {
        return settings.has("timeout") ? Optional.of(settings.duration("timeout", Duration.ZERO)) : Optional.empty();
    }

    /** The problems of the element; empty when there are none. */
    static List<Problem> check(Settings settings, Stage stage, PluginFolder plugins) {
        List<Problem> problems = new ArrayList<>();
        find(settings, stage, plugins, problems).ifPresent(found -> found.arguments(Optional.empty(), problems));
        problems.addAll(checkTimeout(settings));
        return problems;
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
     * @throws Exception from its constructor, or for a problem that {@link #check} reports
     */
    static Component create(Settings settings, Stage stage, PluginFolder plugins, HostServices host) throws Exception {
        List<Problem> problems = new ArrayList<>();
        Optional<ComponentClass> found = find(settings, stage, plugins, problems);
        List<Object> arguments =
                found.map(each -> each.arguments(Optional.of(host), problems)).orElse(List.of());
        if (found.isEmpty() || !problems.isEmpty()) {
            throw new IllegalArgumentException(String.valueOf(problems));
        }
        Constructor<?> constructor = found.get().constructor;
        try {
            return OwnLoader.call(
                    constructor.getDeclaringClass(), () -> (Component) constructor.newInstance(arguments.toArray()));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw unusable(settings, " cannot be created: ", e.getCause() == null ? e : e.getCause());
        } catch (LinkageError | StackOverflowError e) {
            throw unusable(settings, " cannot be initialized: ", e);
        }
    }

    /** Creates the component, closes it, and returns the problems; unlike {@link #check}, this runs the code of the class. */
    static List<Problem> tryOut(Settings settings, Stage stage, PluginFolder plugins, HostServices host) {
        Component made;
        try {
            made = create(settings, stage, plugins, host);
        } catch (ConfigurationException e) {
            return e.problems();
        } catch (Exception e) {
            return unusable(settings, " cannot be created: ", e).problems();
        }
        try {
            OwnLoader.call(made.getClass(), () -> {
                made.close();
                return made;
            });
            return List.of();
        } catch (Exception | LinkageError e) {
            return unusable(settings, " cannot be closed: ", e).problems();
        }
    }

    /** A problem that a check without running the class cannot find. */
    private static ConfigurationException unusable(Settings settings, String what, Throwable why) {
        Throwable root = why;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        ConfigurationException wrong = new ConfigurationException(List.of(settings.problem(
                "class",
                settings.text("class", "") + what + root,
                "correct the class, or put its missing library into the folder plugins")));
        wrong.initCause(why);
        return wrong;
    }

    private static Optional<ComponentClass> find(
            Settings settings, Stage stage, PluginFolder plugins, List<Problem> problems) {
        String name = settings.text("class", "");
        Class<?> type;
        try {
            type = plugins.find(name);
        } catch (ClassNotFoundException | LinkageError e) {
            problems.add(
                    settings.problem("class", "unknown class " + name, "expected it in a jar in the folder plugins"));
            return Optional.empty();
        }
        List<String> owners = plugins.owners(name);
        if (owners.size() > 1) {
            problems.add(settings.problem(
                    "class",
                    name + " is in several plug-ins: " + String.join(", ", owners),
                    "expected it in only one; the folder plugins may contain an older version of a jar"));
        }
        if (!Component.class.isAssignableFrom(type) || Modifier.isAbstract(type.getModifiers())) {
            problems.add(settings.problem(
                    "class",
                    name + " is not a component",
                    "expected a class that implements MessageComponent, Assembler or Encoder"));
            return Optional.empty();
        }
        if (stageOf(type) != stage) {
            problems.add(settings.problem(
                    "class",
                    name + " is not allowed in <" + stage.element() + ">",
                    "expected it in <" + stageOf(type).element() + ">"));
        }
        if (type.getConstructors().length != 1) {
            problems.add(settings.problem(
                    "class",
                    name + " has " + type.getConstructors().length + " public constructors",
                    "expected exactly one, as in a public record"));
            return Optional.empty();
        }
        return Optional.of(new ComponentClass(type.getConstructors()[0], settings));
    }

    static Stage stageOf(Class<?> type) {
        if (Assembler.class.isAssignableFrom(type)) {
            return Stage.ASSEMBLE;
        }
        return Encoder.class.isAssignableFrom(type) ? Stage.ENCODE : Stage.PRE_ASSEMBLE;
    }

    /** The constructor's arguments, without the host if there is none yet. */
    private List<Object> arguments(Optional<HostServices> host, List<Problem> problems) {
        Map<String, Settings> given = new HashMap<>();
        for (Settings property : settings.children("property")) {
            if (given.put(property.text("name", ""), property) != null) {
                problems.add(property.problem(
                        "name", "property " + property.text("name", "") + " is set twice", "expected once"));
            }
        }
        List<Object> arguments = new ArrayList<>();
        for (Parameter parameter : constructor.getParameters()) {
            if (!parameter.isNamePresent()) {
                problems.add(settings.problem(
                        "class",
                        "the class file does not contain the names of the constructor's parameters",
                        "use a record, or compile the class with -parameters"));
                return arguments;
            }
            if (parameter.getType() == HostServices.class) {
                host.ifPresent(arguments::add);
                continue;
            }
            argument(parameter, Optional.ofNullable(given.remove(parameter.getName())), problems)
                    .ifPresent(arguments::add);
        }
        given.forEach((name, property) -> problems.add(property.problem(
                "name", settings.text("class", "") + " has no property " + name, "expected one of " + names())));
        return arguments;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (Parameter parameter : constructor.getParameters()) {
            if (parameter.getType() != HostServices.class) {
                names.add(parameter.getName());
            }
        }
        return names;
    }

    private Optional<Object> argument(Parameter parameter, Optional<Settings> given, List<Problem> problems) {
        boolean optional = parameter.getType() == Optional.class;
        if (given.isEmpty()) {
            if (optional) {
                return Optional.of(Optional.empty());
            }
            problems.add(settings.problem(
                    "class",
                    "property " + parameter.getName() + " is missing",
                    "expected <property name=\"" + parameter.getName() + "\" .../>"));
            return Optional.empty();
        }
        Settings property = given.get();
        Type type = optional ? optionalType(parameter.getParameterizedType()) : parameter.getParameterizedType();
        Setting value = property.attributes().getOrDefault("value", Setting.plain("", property.origin()));
        try {
            Object converted = PropertyValue.convert(value, type);
            return Optional.of(optional ? Optional.of(converted) : converted);
        } catch (RuntimeException e) {
            problems.add(property.problem(
                    "value",
                    "property " + parameter.getName() + "=\"" + value.shown() + "\" is not a valid " + shown(type),
                    e.getMessage() == null ? "" : e.getMessage()));
            return Optional.empty();
        }
    }

    private static Type optionalType(Type type) {
        return type instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[0]
                : String.class;
    }

    private static String shown(Type type) {
        return type instanceof Class<?> known
                ? known.getSimpleName()
                : type.getTypeName().replaceAll("[a-z]+\\.", "");
    }
}
