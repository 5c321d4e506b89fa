package io.sendport.component.xslt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.component.MessageScope;
import io.sendport.api.host.HostServices;
import io.sendport.api.message.Body;
import io.sendport.api.message.Workspace;
import io.sendport.api.settings.Settings;
import io.sendport.component.mime.Scopes;
import io.sendport.test.TestHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XsltFactoryTest {

    private static final HostServices HOST = new TestHost(Path.of(""));

    @TempDir
    private Path folder;

    private final XsltFactory factory = new XsltFactory();

    @BeforeEach
    void write() throws Exception {
        Files.writeString(
                folder.resolve("copy.xsl"),
                "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'>"
                        + "<xsl:copy-of select='.'/></xsl:template></xsl:stylesheet>");
    }

    private Settings xslt(String... attributes) {
        Map<String, String> all = new HashMap<>(Map.of("stylesheet", "copy.xsl"));
        for (int i = 0; i < attributes.length; i += 2) {
            all.put(attributes[i], attributes[i + 1]);
        }
        return Scopes.element(folder, "xslt", all);
    }

    private String transformed(Settings settings, String xml) throws Exception {
        MessageScope scope = new MessageScope() {
            @Override
            public String port() {
                return "P";
            }

            @Override
            public Workspace workspace() {
                return Scopes.MEMORY;
            }
        };
        Body body = factory.create(settings, HOST)
                .process(Scopes.message(Body.of(xml, StandardCharsets.UTF_8), Map.of()), scope)
                .orElseThrow()
                .bodyPart()
                .body();
        return new String(body.open().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void limitsTransformationsAsConfigured() throws Exception {
        String xml = "<a><b>hello</b><c d='1'/></a>";
        assertThat(transformed(xslt(), xml)).endsWith(xml.replace("'", "\""));
        for (String[] limit : new String[][] {
            {"maxOutput", "20B"}, {"maxElements", "2"}, {"maxDepth", "1"},
        }) {
            assertThatThrownBy(() -> transformed(xslt(limit), xml)).hasMessageContaining(limit[0] + " sets the limit");
        }
        assertThatThrownBy(() -> transformed(xslt("maxAttributes", "1"), "<a b='1' c='2'/>"))
                .hasMessageContaining("maxAttributes sets the limit");
    }

    @Test
    void usesATimeoutOfFiveMinutesByDefault() {
        assertThat(factory.timeout(xslt())).contains(Duration.ofMinutes(5));
        assertThat(factory.timeout(xslt("timeout", "PT2S"))).contains(Duration.ofSeconds(2));
    }

    @Test
    void reportsAnInvalidTimeout() {
        for (String wrong : new String[] {"PT0S", "P1Y"}) {
            assertThat(factory.check(xslt("timeout", wrong), HOST))
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.toString()).contains("sendport.xml:1:1", "timeout"));
        }
        assertThat(factory.check(xslt(), HOST)).isEmpty();
    }
}
