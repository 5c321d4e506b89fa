package io.sendport.host.pipeline;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A class of a plug-in. It has one public constructor, with a parameter for each property of the element. The parameter has the name of the
 * property, as in a record. A property for a parameter of type {@link Optional} may be omitted. A parameter of type {@link HostServices}
 * is not a property, and receives the services of the host.
 *
 * @param <T> the kind of its instances
 */
final class PluginClass<T extends AutoCloseable> {

    private final Kind<T> kind;
    private final Constructor<?> constructor;
    private final Settings settings;

    private PluginClass(Kind<T> kind, Constructor<?> constructor, Settings settings) {
        this.kind = kind;
        this.constructor = constructor;
        this.settings = settings;
    }

    /**
     * The kind of a class.
     *
     * @param type the type that the class must implement
     * @param name its name with an article, for people
     * @param interfaces the interfaces that the class may implement, for people
     */
    record Kind<T extends AutoCloseable>(Class<T> type, String name, String interfaces) {}

    /**
     * Returns the class that was found.
     *
     * @throws IllegalArgumentException when there is none, or it has problems
     */
    static <T extends AutoCloseable> PluginClass<T> require(Optional<PluginClass<T>> found, List<Problem> problems) {
        if (found.isEmpty() || !problems.isEmpty()) {
            throw new IllegalArgumentException(String.valueOf(problems));
        }
        return found.get();
    }

    /** The class itself. */
    Class<?> type() {
        return constructor.getDeclaringClass();
    }

    /** The problems of its properties. Does not run code of the class. */
    List<Problem> check() {
        List<Problem> problems = new ArrayList<>();
        arguments(Optional.empty(), problems);
        return problems;
    }

    /**
     * Creates an instance.
     *
     * @throws ConfigurationException when the class cannot be initialized or its constructor fails
     * @throws Exception for a problem that {@link #check} reports
     */
    T create(HostServices host) throws Exception {
        List<Problem> problems = new ArrayList<>();
        List<Object> arguments = arguments(Optional.of(host), problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.valueOf(problems));
        }
        try {
            return OwnLoader.call(type(), () -> kind.type().cast(constructor.newInstance(arguments.toArray())));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ConfigurationException located) {
                throw located;
            }
            throw unusable(settings, " cannot be created: ", e.getCause() == null ? e : e.getCause());
        } catch (LinkageError | StackOverflowError e) {
            throw unusable(settings, " cannot be initialized: ", e);
        }
    }

    /** Creates an instance, closes it, and returns the problems. Unlike {@link #check}, this runs code of the class. */
    List<Problem> tryOut(HostServices host) {
        T made;
        try {
            made = create(host);
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

    /** A problem that is found only by running code of the class. */
    private static ConfigurationException unusable(Settings settings, String what, Throwable why) {
        Throwable root = why;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        ConfigurationException wrong = new ConfigurationException(List.of(settings.problem(
                "class",
                settings.text("class", "") + what + root,
                root instanceof LinkageError || root instanceof ClassNotFoundException
                        ? "put the missing library into the folder plugins, or correct the class"
                        : "correct what the exception names, or ask the author of the class")));
        wrong.initCause(why);
        return wrong;
    }

    /** Finds the class that {@code settings} names. If it cannot be used, adds the reason to {@code problems}; may then return empty. */
    static <T extends AutoCloseable> Optional<PluginClass<T>> find(
            Settings settings, Kind<T> kind, PluginFolder plugins, List<Problem> problems) {
        String name = settings.text("class", "");
        Class<?> type;
        try {
            type = plugins.find(name);
        } catch (ClassNotFoundException e) {
            problems.add(
                    settings.problem("class", "unknown class " + name, "expected it in a jar in the folder plugins"));
            return Optional.empty();
        } catch (LinkageError e) {
            problems.add(settings.problem(
                    "class",
                    "cannot load class " + name + ": " + e,
                    "put its jar and the libraries that it needs into one folder in plugins, and compile it for Java "
                            + Runtime.version().feature() + " or older"));
            return Optional.empty();
        }
        List<String> owners = plugins.owners(name);
        if (owners.size() > 1) {
            problems.add(settings.problem(
                    "class",
                    name + " is in several plug-ins: " + String.join(", ", owners),
                    "only one plug-in may have the class; delete older versions of the jar from the folder plugins"));
        }
        if (!kind.type().isAssignableFrom(type) || Modifier.isAbstract(type.getModifiers())) {
            problems.add(settings.problem(
                    "class", name + " is not " + kind.name(), "expected a class that implements " + kind.interfaces()));
            return Optional.empty();
        }
        if (type.getConstructors().length != 1) {
            problems.add(settings.problem(
                    "class",
                    name + " has " + type.getConstructors().length + " public constructors",
                    "expected exactly one, as in a public record"));
            return Optional.empty();
        }
        return Optional.of(new PluginClass<>(kind, type.getConstructors()[0], settings));
    }

    /** The arguments of the constructor. Without {@code host}, the argument for the host is left out. */
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
