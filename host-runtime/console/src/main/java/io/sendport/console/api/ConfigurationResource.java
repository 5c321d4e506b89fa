package io.sendport.console.api;

import io.sendport.config.Configuration;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.ConfigurationException;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Placeholders;
import io.sendport.config.read.Reading;
import io.sendport.config.read.ShownSource;
import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.ReloadOperations;
import io.sendport.host.operate.check.EffectiveSettings;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shows the configuration of host instances, checks another configuration, and reloads a changed one. */
final class ConfigurationResource {

    private static final int MAX_SIZE = 1024 * 1024;
    private static final String FILE = "sendport.xml";
    private static final Pattern DECLARATION = Pattern.compile("^\uFEFF?<\\?xml.*?\\?>", Pattern.DOTALL);

    /** Elements that would make the reader open other files. */
    private static final Pattern OTHER_FILES = Pattern.compile(
            "<!DOCTYPE|<(?:[\\w.-]+:)?(?:include|routes)\\b|<(?:[\\w.-]+:)?properties\\b[^>]*\\bfile\\b");

    private final Supplier<Operations> operations;
    private final ConfigurationAccess workbench;

    ConfigurationResource(Supplier<Operations> operations, ConfigurationAccess workbench) {
        this.operations = operations;
        this.workbench = workbench;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/api/v1/configuration", Set.of(Role.ADMIN), this::show),
                new Route("GET", "/api/v1/configuration/source", Set.of(Role.ADMIN), this::source),
                new Route("POST", "/api/v1/configuration/validations", Set.of(Role.ADMIN), this::validate),
                new Route("POST", "/api/v1/configuration/reload", Set.of(Role.ADMIN), this::reload));
    }

    private Operations authorized(Call call) {
        Operations all = operations.get();
        Rights.requireEverywhere(call, all, Role.ADMIN, "all ports share one configuration");
        return all;
    }

    /** The configuration in its files. CONFIG_LOADED on the ledger has the digest of the configuration that an instance uses. */
    private Answer show(Call call) {
        authorized(call);
        Reading reading = workbench.reading().get();
        Configuration configuration =
                reading.configuration().orElseThrow(() -> new ConfigurationException(reading.problems()));
        String tag = "\"" + configuration.sha256() + "\"";
        if (call.header("If-None-Match").filter(tag::equals).isPresent()) {
            return Answer.notModified(tag);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", configuration.file());
        json.put("files", configuration.files());
        json.put("sha256", configuration.sha256());
        json.put(
                "ports",
                configuration.ports().stream().map(ConfigurationResource::shown).toList());
        json.put("problems", reading.problems().stream().map(Json::fields).toList());
        return Answer.json(json).with("ETag", tag);
    }

    /** The text of the files with masked secrets, and their problems, also when the configuration has errors. */
    private Answer source(Call call) throws IOException {
        authorized(call);
        Reading reading = workbench.reading().get();
        boolean isRead = reading.configuration().isPresent();
        List<Map<String, Object>> files = new ArrayList<>();
        for (Path file : reading.files()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("file", file);
            json.put(
                    "text",
                    Files.isReadable(file) && Files.size(file) <= MAX_SIZE
                            ? ShownSource.of(lenient(Files.readAllBytes(file)), reading.masks(), isRead)
                            : null);
            files.add(json);
        }
        return Answer.json(Map.of(
                "files",
                files,
                "problems",
                reading.problems().stream().map(Json::fields).toList()));
    }

    /** Decodes UTF-8 with replacements, because a file may be in another encoding or damaged. */
    private static String lenient(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, Object> shown(SendPort port) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", port.name());
        json.put("settings", EffectiveSettings.of(port));
        return json;
    }

    /** Resolves only what the text itself defines, so that a submitted text cannot read secrets and files of this machine. */
    private static final class Unresolved implements Placeholders {

        private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");

        private final Map<String, String> defined = new LinkedHashMap<>();

        @Override
        public void define(Map<String, String> properties) {
            defined.putAll(properties);
        }

        @Override
        public String resolve(String text, Path folder) {
            Matcher placeholders = PLACEHOLDER.matcher(text);
            StringBuilder resolved = new StringBuilder();
            while (placeholders.find() && resolved.length() < MAX_SIZE) {
                placeholders.appendReplacement(
                        resolved,
                        Matcher.quoteReplacement(defined.getOrDefault(placeholders.group(1), placeholders.group())));
            }
            return resolved.length() < MAX_SIZE
                    ? placeholders.appendTail(resolved).toString()
                    : text;
        }
    }

    /** Whether a problem may be due to a placeholder that only the machine of a host instance resolves. */
    private static boolean isOfAPlaceholder(io.sendport.api.settings.Problem problem) {
        return problem.message().contains("{{") || problem.advice().contains("{{");
    }

    private Answer validate(Call call) throws IOException {
        authorized(call);
        String xml = text(call.body(MAX_SIZE));
        if (OTHER_FILES.matcher(xml).find()) {
            throw ProblemException.invalid(
                    "the configuration must be in one piece; remove <include>, <routes>, file of <properties>, and DOCTYPE,"
                            + " or check all files with `sendport validate`");
        }
        Path folder = Files.createTempDirectory("sendport-validation-");
        Path file = folder.resolve(FILE);
        try {
            try (OutputStream out = OwnerOnly.newFile(file)) {
                out.write(xml.getBytes(StandardCharsets.UTF_8));
            }
            List<io.sendport.api.settings.Problem> found = new ConfigurationReader(new Unresolved())
                    .read(file).problems().stream()
                            .filter(each -> !isOfAPlaceholder(each))
                            .toList();
            List<Map<String, Object>> problems = new ArrayList<>();
            for (io.sendport.api.settings.Problem each : found) {
                Map<String, Object> problem = Json.fields(each);
                problem.put("file", FILE);
                problems.add(problem);
            }
            return Answer.json(Map.of(
                    "valid",
                    found.stream().noneMatch(io.sendport.api.settings.Problem::isError),
                    "problems",
                    problems));
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    /** Decodes UTF-8, whatever the XML declaration says, since the same bytes could have another meaning in another encoding. */
    private static String text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return DECLARATION.matcher(text).replaceFirst("");
        } catch (CharacterCodingException e) {
            throw ProblemException.invalid("the configuration is not valid UTF-8");
        }
    }

    private Answer reload(Call call) throws IOException, InterruptedException {
        Operations all = authorized(call);
        Fields fields = Fields.of(call, "reason");
        boolean dry = call.flag("dryRun");
        List<ReloadOperations.Answer> answers = new ArrayList<>();
        boolean done = all.reloading()
                .reload(dry, call.caller().actor(fields.text("reason").orElse("")), answers::add);
        return Answer.json(Map.of("done", done && !dry, "answers", answers));
    }
}
