package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import io.sendport.api.settings.Origin;
import io.sendport.config.ConsoleSettings;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.console.Console;
import io.sendport.console.access.Grant;
import io.sendport.console.access.LogOnLink;
import io.sendport.console.access.Token;
import io.sendport.console.access.TokenFile;
import io.sendport.console.api.ConfigurationAccess;
import io.sendport.host.box.control.Actor;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.pipeline.Extensions;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A host with its HTTP API, and a client whose every answer is compared with openapi.json. */
final class ServedApi implements AutoCloseable {

    static final String ROOT = "/api/v1";
    static final String PROXY_SECRET = "the-secret-of-the-proxy";
    private static final ObjectMapper JSON = new ObjectMapper();

    final RunningHost host;
    final Path tokens;
    private final Console console;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Patience.LIMIT).build();
    private final JsonNode description;

    /** Serves {@code content}, beside a message box and the hosts and ports in it. */
    ServedApi(Path folder, String content) throws Exception {
        this(folder, "<messageBox url='jdbc:sqlite:box.db'/>", content);
    }

    /** As above, with the message box that {@code box} names. */
    ServedApi(Path folder, String box, String content) throws Exception {
        this.host = RunningHost.start(folder, box + content);
        this.tokens = folder.resolve("tokens");
        this.console = new Console(
                new ConsoleSettings(
                        "127.0.0.1",
                        0,
                        Set.of(),
                        Optional.empty(),
                        tokens,
                        Optional.of(new ConsoleSettings.Proxy(
                                Set.of("127.0.0.1"),
                                new io.sendport.api.settings.Secret(PROXY_SECRET),
                                "X-Forwarded-User",
                                "X-Forwarded-Roles")),
                        new Origin(folder.resolve("sendport.xml"), 1, 1)),
                new ConfigurationAccess(
                        () -> new ConfigurationReader(new CamelPlaceholders()).read(folder.resolve("sendport.xml")),
                        Extensions.of(folder.resolve("plugins"))),
                Clock.systemUTC(),
                Duration.ofSeconds(5));
        console.serve(host.process().operations());
        this.description = JSON.readTree(Console.class.getResourceAsStream("/io/sendport/console/api/openapi.json"));
    }

    JsonNode description() {
        return description;
    }

    int port() {
        return URI.create(console.url()).getPort();
    }

    /** A new token with those roles; its secret. */
    String token(String name, String roles) throws Exception {
        return token(name, roles, Optional.empty());
    }

    String token(String name, String roles, Optional<Instant> expires) throws Exception {
        String secret = Token.newSecret();
        new TokenFile(tokens).add(new Token(name, Token.hash(secret), Grant.parse(roles), Instant.now(), expires));
        return secret;
    }

    /** The secret of a log-in link as {@code sendport console} makes it. */
    String linkSecret(String roles) {
        String link = LogOnLink.make(
                host.process().operations(), console.url(), new Actor("anna@desk", ""), Grant.parse(roles));
        return link.substring(link.indexOf('#') + 1);
    }

    /** A request to {@code path} below the root, to be given more and sent. */
    HttpRequest.Builder request(String token, String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(console.url() + ROOT + path)).timeout(Patience.LIMIT);
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    /** A request for a page of the console. */
    HttpRequest.Builder page(String path) {
        return HttpRequest.newBuilder(URI.create(console.url() + path)).timeout(Patience.LIMIT);
    }

    HttpResponse<String> get(String token, String path) throws Exception {
        return send(request(token, path).GET().build());
    }

    HttpResponse<String> post(String token, String path, String body) throws Exception {
        return send(request(token, path)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    JsonNode json(String token, String path) throws Exception {
        HttpResponse<String> answer = get(token, path);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }

    /** Sends it, and compares the answer with the description. */
    HttpResponse<String> send(HttpRequest request) throws Exception {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(answer.headers().firstValue("Cache-Control"))
                .as("%s", answer)
                .contains("no-store");
        compare(request, answer);
        return answer;
    }

    /** Sends it, and looks at the status alone: the body may never end. */
    int status(HttpRequest request) throws Exception {
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    /** The lines of an answer that goes on. */
    Stream<String> lines(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofLines()).body();
    }

    private void compare(HttpRequest request, HttpResponse<String> answer) throws Exception {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        Optional<JsonNode> operation = operation(request.method(), request.uri().getPath());
        if (operation.isEmpty() || !type.contains("json") || type.contains("jsonl")) {
            return;
        }
        JsonNode responses = operation.get().path("responses");
        JsonNode own = responses.path(Integer.toString(answer.statusCode()));
        JsonNode schema = (own.isMissingNode() ? responses.path("default") : own)
                .path("content")
                .path(type)
                .path("schema");
        assertThat(schema.isMissingNode())
                .as(request.method() + " " + request.uri() + " is described with " + answer.statusCode() + " " + type
                        + ": " + answer.body())
                .isFalse();
        JsonNode whole = description.deepCopy();
        ((com.fasterxml.jackson.databind.node.ObjectNode) whole)
                .setAll((com.fasterxml.jackson.databind.node.ObjectNode) schema);
        JsonSchema compiled = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SchemaLocation.of("urn:test"), whole);
        assertThat(compiled.validate(JSON.readTree(answer.body())))
                .as(request.method() + " " + request.uri())
                .isEmpty();
    }

    /** What is described for a path. */
    Optional<JsonNode> operation(String method, String path) {
        List<String> templates = new ArrayList<>();
        description.path("paths").fieldNames().forEachRemaining(templates::add);
        // Those without a placeholder first, as the routes have it.
        templates.sort((one, other) -> Boolean.compare(one.contains("{"), other.contains("{")));
        for (String template : templates) {
            if (path.matches(template.replaceAll("\\{\\w+}", "[^/]+"))) {
                JsonNode found =
                        description.path("paths").path(template).path(method.toLowerCase(java.util.Locale.ROOT));
                if (!found.isMissingNode()) {
                    return Optional.of(found);
                }
            }
        }
        return Optional.empty();
    }

    /** The header fields that a proxy sends. */
    static Map<String, String> proxied(String user, String roles) {
        return Map.of("Sendport-Proxy-Secret", PROXY_SECRET, "X-Forwarded-User", user, "X-Forwarded-Roles", roles);
    }

    @Override
    public void close() throws IOException {
        console.close();
        host.close();
    }
}
