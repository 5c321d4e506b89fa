package io.sendport.component.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.component.mime.Scopes;
import io.sendport.test.TestHost;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DkimFactoryTest {

    @TempDir
    private Path folder;

    private final Map<String, String> attributes =
            new HashMap<>(Map.of("domain", "corp.example", "selector", "s1", "signingKey", "dkim.pem"));

    @BeforeEach
    void makeKey() throws Exception {
        DkimKey.shared().write(folder.resolve("dkim.pem"));
    }

    private Settings settings() {
        return Scopes.element(folder, "dkim", attributes);
    }

    private List<String> problems() {
        return new DkimFactory()
                .check(settings(), new TestHost(folder)).stream()
                        .map(Problem::toString)
                        .toList();
    }

    @Test
    void acceptsCompleteSettings() {
        attributes.put("headers", "X-Invoice,List-Id");
        assertThat(problems()).isEmpty();
    }

    @Test
    void reportsAllProblemsAtOnce() {
        attributes.clear();
        attributes.put("domain", "corp");
        attributes.put("headers", "X-Invoice, Received");
        assertThat(problems())
                .hasSize(4)
                .anySatisfy(text -> assertThat(text).contains("<dkim> domain", "\"corp\" is not valid"))
                .anySatisfy(text -> assertThat(text).contains("<dkim> selector", "is missing"))
                .anySatisfy(text -> assertThat(text).contains("<dkim> signingKey", "is missing"))
                .anySatisfy(text -> assertThat(text).contains("<dkim> headers", "\"Received\" cannot be signed"));
    }

    @Test
    void rejectsInvalidDnsNames() {
        for (String wrong : List.of("b\u00fccher.example", "-a.example", "a..example", "a_b.example", "a b.example")) {
            attributes.put("domain", wrong);
            assertThat(problems()).as(wrong).hasSize(1);
        }
        attributes.put("domain", "corp.example");
        attributes.put("selector", "s/1");
        assertThat(problems()).hasSize(1);
        attributes.put("selector", "x.".repeat(125) + "x");
        assertThat(problems()).hasSize(1).first().asString().contains("is too long");
        attributes.put("selector", "2026-11.mail");
        assertThat(problems()).isEmpty();
    }

    @Test
    void rejectsHeaderFieldsThatRelaysMayChange() {
        for (String wrong :
                List.of("Bcc", "return-path", "DKIM-Signature", "ARC-Seal", "Resent-To", "a:b", "x,".repeat(51))) {
            attributes.put("headers", wrong);
            assertThat(problems()).as(wrong).hasSize(1);
        }
    }

    @Test
    void createsNoSignerFromInvalidSettings() {
        attributes.put("signingKey", "missing.pem");
        assertThatThrownBy(() -> new DkimFactory().create(settings(), new TestHost(folder)))
                .hasMessageContaining("missing.pem cannot be opened");
        attributes.put("signingKey", "dkim.pem");
        attributes.put("selector", "");
        assertThatThrownBy(() -> new DkimFactory().create(settings(), new TestHost(folder)))
                .hasMessageContaining("selector");
    }

    @Test
    void showsNoSecretAnywhere() throws Exception {
        attributes.put("signingKeyPassword", "geheim");
        assertThat(settings() + " " + DkimSettings.of(settings())).doesNotContain("geheim");
    }
}
