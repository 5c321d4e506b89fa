package io.sendport.host.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.adapter.AdapterFactory;
import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.host.HostServices;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.test.TestHost;
import io.sendport.testing.DocumentedJava;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code <adapter class="...">}: the example of docs/writing-an-adapter.md as a plug-in. */
class AdapterClassTest {

    private static final String EXAMPLE = "com.example.FolderAdapter";

    @TempDir
    private Path folder;

    private Settings element(Map<String, String> attributes, Map<String, String> properties) {
        Origin origin = new Origin(folder.resolve("sendport.xml"), 3, 5);
        List<Settings> children = properties.entrySet().stream()
                .map(each -> new Settings(
                        "property",
                        origin,
                        Map.of(
                                "name", Setting.plain(each.getKey(), origin),
                                "value", Setting.plain(each.getValue(), origin)),
                        List.of(),
                        ""))
                .toList();
        Map<String, Setting> given = new HashMap<>();
        attributes.forEach((name, value) -> given.put(name, Setting.plain(value, origin)));
        return new Settings("adapter", origin, given, children, "");
    }

    /** A jar with the classes of the page, in the folder of plug-ins. */
    private Path plugins() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        assertThat(DocumentedJava.compile(Path.of("../../docs/writing-an-adapter.md"), classes, "FolderAdapter"))
                .isEmpty();
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(plugins.resolve("folder.jar")));
                Stream<Path> files = Files.walk(classes)) {
            for (Path each :
                    files.filter(file -> file.toString().endsWith(".class")).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                Files.copy(each, jar);
            }
        }
        return plugins;
    }

    private List<String> problems(AdapterFactory factory, Settings settings) {
        return factory.check(settings, new TestHost(folder)).stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void sendsThroughAnAdapterOfAPlugin() throws Exception {
        HostServices host = new TestHost(folder);
        Path out = Files.createDirectories(folder.resolve("out"));
        Settings settings = element(Map.of("class", EXAMPLE), Map.of("folder", "out"));
        try (Catalog catalog = new Catalog(Extensions.of(plugins()))) {
            AdapterFactory factory = catalog.adapter(settings);
            assertThat(problems(factory, settings)).isEmpty();
            try (SendAdapter adapter = factory.create(settings, host);
                    SendConnection connection = ((Connecting.Connected) adapter.connect()).connection()) {
                assertThat(adapter.concurrency()).isEqualTo(4);
                assertThat(adapter.rest()).isEmpty();
                Delivery delivery = new Delivery(
                        MessageId.random(),
                        1,
                        Optional.empty(),
                        List.of(MailAddress.parse("a@customer.example")),
                        Handling.USUAL,
                        Body.of("Subject: x\r\n\r\ny\r\n", StandardCharsets.US_ASCII),
                        Transparency.SEVEN_BIT,
                        "ab".repeat(32),
                        "<1@corp.example>");
                assertThat(connection.send(delivery, () -> true).has(Outcome.ACCEPTED))
                        .isTrue();
            }
        }
        try (Stream<Path> mails = Files.list(out)) {
            assertThat(mails).singleElement().asString().endsWith(".eml");
        }
    }

    @Test
    void reportsInvalidSettingsWithTheirLocation() throws Exception {
        try (Catalog catalog = new Catalog(Extensions.of(plugins()))) {
            AdapterFactory factory = catalog.adapter(element(Map.of(), Map.of()));
            assertThat(problems(factory, element(Map.of(), Map.of())))
                    .singleElement()
                    .asString()
                    .contains("sendport.xml:3:5", "neither a class nor a bean");
            assertThat(problems(factory, element(Map.of("class", EXAMPLE, "bean", "x"), Map.of())))
                    .singleElement()
                    .asString()
                    .contains("both a class and a bean");
            assertThat(problems(factory, element(Map.of("class", "com.example.Nobody"), Map.of())))
                    .singleElement()
                    .asString()
                    .contains("unknown class com.example.Nobody", "in a jar in the folder plugins");
            assertThat(problems(factory, element(Map.of("class", "java.lang.String"), Map.of())))
                    .singleElement()
                    .asString()
                    .contains("java.lang.String is not an adapter", "implements SendAdapter");
            assertThat(problems(factory, element(Map.of("class", EXAMPLE), Map.of("colour", "red"))))
                    .hasSize(2)
                    .anyMatch(each -> each.contains("property folder is missing"))
                    .anyMatch(each -> each.contains("has no property colour"));
            assertThatThrownBy(() -> factory.create(
                            element(Map.of("class", "java.lang.String"), Map.of()), new TestHost(folder)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not an adapter");
        }
    }
}
