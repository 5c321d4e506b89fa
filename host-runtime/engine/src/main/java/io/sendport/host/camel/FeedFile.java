package io.sendport.host.camel;

import io.sendport.api.settings.Origin;
import io.sendport.host.camel.HostCamelContext.FeedException;
import io.sendport.support.XmlRoot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.LineNumberAware;
import org.apache.camel.dsl.xml.io.XmlModelParser;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.model.app.BeansDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.xml.in.ModelParser;
import org.apache.camel.xml.io.XmlPullParserException;

/** Parses the feed routes in a file, without loading or running them. */
final class FeedFile {

    private static final Pattern FILE_FUNCTION = Pattern.compile("\\{\\{(file:[^{}]+)}}");

    private FeedFile() {}

    /**
     * Reads the file, and makes paths in {@code {{file:PATH}}} absolute.
     *
     * @throws IOException when the file cannot be read
     * @throws IllegalArgumentException when the file has a document type declaration
     */
    static byte[] read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.contains("<!DOCTYPE")) {
            throw new IllegalArgumentException("has a document type declaration, which is not allowed");
        }
        return text.contains("{{file:") ? resolveFileReferences(text, file).getBytes(StandardCharsets.UTF_8) : bytes;
    }

    /** Makes paths in {@code {{file:PATH}}} absolute. As in a configuration, they are relative to the folder of the file. */
    private static String resolveFileReferences(String text, Path file) {
        Path folder = new Origin(file, 1, 1).folder();
        return FILE_FUNCTION
                .matcher(text)
                .replaceAll(found ->
                        Matcher.quoteReplacement("{{" + CamelPlaceholders.absolute(found.group(1), folder) + "}}"));
    }

    /**
     * Returns the routes in the file; empty for templates, which have routes only once they are loaded.
     *
     * @throws FeedException when the file cannot be read or does not contain Camel routes
     */
    static List<RouteDefinition> routes(Path file) throws FeedException {
        try {
            byte[] bytes = read(file);
            XmlRoot root = XmlRoot.of(new ByteArrayInputStream(bytes))
                    .orElseThrow(() -> new IllegalArgumentException("is not well-formed XML"));
            Resource resource = ResourceHelper.fromBytes("file:" + file.getFileName(), bytes);
            ModelParser parser = new XmlModelParser(resource, root.namespace().isEmpty() ? null : root.namespace());
            return switch (root.localName()) {
                case "routes", "route" ->
                    parser.parseRoutesDefinition()
                            .map(RoutesDefinition::getRoutes)
                            .orElse(List.of());
                case "beans", "blueprint", "camel" ->
                    parser.parseBeansDefinition()
                            .map(BeansDefinition::getRoutes)
                            .orElse(List.of());
                case "templatedRoutes", "templatedRoute" -> List.of();
                default -> throw new IllegalArgumentException("<" + root.localName() + "> contains no routes");
            };
        } catch (IOException | XmlPullParserException | RuntimeException e) {
            throw new FeedException(HostCamelContext.rootMessage(e), e);
        }
    }

    /**
     * An endpoint of a route.
     *
     * @param line where the file names it
     * @param isSource whether the route reads from it
     */
    record Endpoint(String uri, int line, boolean isSource) {}

    /** The endpoints of a route, without those whose URI depends on a message or a bean. */
    static List<Endpoint> endpoints(RouteDefinition route) {
        List<Endpoint> endpoints = new ArrayList<>();
        if (route.getInput() != null) {
            endpoints.add(new Endpoint(
                    route.getInput().getEndpointUri(), route.getInput().getLineNumber(), true));
        }
        for (EndpointRequiredDefinition each :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), EndpointRequiredDefinition.class)) {
            int line = each instanceof LineNumberAware aware ? aware.getLineNumber() : route.getLineNumber();
            endpoints.add(new Endpoint(each.getEndpointUri(), line, false));
        }
        endpoints.removeIf(each -> each.uri() == null
                || each.uri().contains("${")
                || each.uri().contains("$simple{")
                || each.uri().contains("{{bean:"));
        return endpoints;
    }
}
