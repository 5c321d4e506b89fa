package io.sendport.host.camel;

import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.URISupport;

/** Checks the URI of an endpoint without creating the endpoint: whether the component and the options exist. */
final class EndpointCheck {

    private static final String COMPONENTS = "META-INF/services/org/apache/camel/component/";

    /** Options that every endpoint has, and options that Camel removes before it creates the endpoint. */
    private static final Set<String> COMMON_OPTIONS = Set.of(
            "bridgeErrorHandler", "exceptionHandler", "exchangePattern", "lazyStartProducer", "hash", "synchronous");

    private final CamelContext context;

    EndpointCheck(CamelContext context) {
        this.context = context;
    }

    /** The fault of the URI; empty when none is found. */
    Optional<String> fault(String uri) {
        int colon = uri.indexOf(':');
        String scheme = colon < 0 ? "" : uri.substring(0, colon);
        Component own = context.hasComponent(scheme);
        if (own instanceof HostCamelContext.RefusedMailComponent) {
            return Optional.of(HostCamelContext.RefusedMailComponent.refusal(uri));
        }
        if (own instanceof FeedComponent sendport) {
            String name = uri.substring(colon + 1).replaceAll("^//|\\?.*$", "");
            return sendport.fault(name);
        }
        Optional<Class<?>> component = component(scheme);
        if (own == null && component.isEmpty()) {
            return Optional.of("unknown Camel component \"" + scheme + "\"; put its jar into feeds/lib");
        }
        if (component.filter(EndpointCheck::sendsMail).isPresent()) {
            return Optional.of(HostCamelContext.RefusedMailComponent.refusal(uri));
        }
        return wrongOption(scheme, uri);
    }

    private static boolean sendsMail(Class<?> component) {
        for (Class<?> each = component; each != null; each = each.getSuperclass()) {
            if (each.getName().startsWith("org.apache.camel.component.mail.")) {
                return true;
            }
        }
        return false;
    }

    /** The class of the component that a jar provides for {@code scheme}; empty when there is none. */
    Optional<Class<?>> component(String scheme) {
        ExtendedCamelContext extension = context.getCamelContextExtension();
        return scheme.isEmpty()
                ? Optional.empty()
                : extension.getFactoryFinder(COMPONENTS).findClass(scheme).map(found -> found);
    }

    private Optional<String> wrongOption(String scheme, String uri) {
        EndpointUriFactory factory = PluginHelper.getUriFactoryResolver(context).resolveFactory(scheme, context);
        int question = uri.indexOf('?');
        if (factory == null || question < 0) {
            return Optional.empty();
        }
        Map<String, Object> options;
        try {
            options = URISupport.parseQuery(uri.substring(question + 1), true, true);
        } catch (URISyntaxException e) {
            return Optional.of("its options cannot be read: " + e.getReason());
        }
        PropertyConfigurer configurer = PluginHelper.getConfigurerResolver(context)
                .resolvePropertyConfigurer(scheme + "-endpoint-configurer", context);
        for (Map.Entry<String, Object> option : options.entrySet()) {
            String name = option.getKey();
            if (!isKnown(name, factory)) {
                return Optional.of("component " + scheme + " has no option " + name + similar(name, factory));
            }
            Class<?> type =
                    configurer instanceof PropertyConfigurerGetter getter ? getter.getOptionType(name, true) : null;
            if (type != null && !converts(String.valueOf(option.getValue()), type)) {
                return Optional.of(
                        "option " + name + " of component " + scheme + " is not a valid " + type.getSimpleName());
            }
        }
        return Optional.empty();
    }

    /** Whether the endpoint has the option. Camel ignores case and hyphens; the text after a dot names an option of the value. */
    private static boolean isKnown(String name, EndpointUriFactory factory) {
        String plain = plain(name.replaceAll("[.\\[].*$", ""));
        return factory.isLenientProperties()
                || COMMON_OPTIONS.stream().anyMatch(each -> plain(each).equals(plain))
                || factory.propertyNames().stream().anyMatch(each -> plain(each).equals(plain))
                || factory.multiValuePrefixes().values().stream().anyMatch(name::startsWith);
    }

    /** The options whose names begin like {@code name}; a component may have a hundred options. */
    private static String similar(String name, EndpointUriFactory factory) {
        String start = plain(name.substring(0, Math.min(3, name.length())));
        List<String> found = new TreeSet<>(factory.propertyNames())
                .stream().filter(each -> plain(each).startsWith(start)).toList();
        return found.isEmpty()
                ? "; see the documentation of this Camel component"
                : "; similar options: " + String.join(", ", found);
    }

    private static String plain(String name) {
        return name.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static boolean converts(String value, Class<?> type) {
        if (value.contains("{{") || value.startsWith("#") || value.startsWith("RAW")) {
            // The value is unknown before it is resolved.
            return true;
        }
        if (type == boolean.class || type == Boolean.class) {
            return value.matches("(?i)true|false");
        }
        if (type == int.class || type == Integer.class) {
            return value.matches("-?\\d+");
        }
        // A time may be a number of milliseconds, or 5s.
        return (type != long.class && type != Long.class)
                || value.matches("(?i)-?\\d+|(\\d+(\\.\\d+)?\\s*(d|h|m|s|ms)\\w*\\s*)+|PT?.+");
    }
}
