package io.sendport.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShownSourceTest {

    private static final String SECRET = "hunter2&go";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <smtp password="hunter2"/>                         | <smtp password="***"/>
            <smtp password = 'hunter2'/>                       | <smtp password = '***'/>
            <smtp password="{{env:RELAY}}"/>                   | <smtp password="{{env:RELAY}}"/>
            <smtp password="{{env:RELAY:hunter2}}"/>           | <smtp password="{{env:RELAY:***}}"/>
            <smtp password="{{Relay:hunter2}}"/>               | <smtp password="{{Relay:***}}"/>
            <smtp password="{{Relay}}"/>                       | <smtp password="{{Relay}}"/>
            <smtp password="hunter2{{env:RELAY}}"/>            | <smtp password="***"/>
            <property name="ApiToken" value="hunter2"/>        | <property name="ApiToken" value="***"/>
            <property value="hunter2" name="dbPassword"/>      | <property value="***" name="dbPassword"/>
            <property name="Region" value="south"/>            | <property name="Region" value="south"/>
            <!-- <smtp password="hunter2"/> -->                | <!-- <smtp password="***"/> -->
            <smtp password=hunter2 port="25"/>                 | <smtp password=*** port="25"/>
            <smtp host="relay" signingKeyPassword="hunter2"/>  | <smtp host="relay" signingKeyPassword="***"/>
            <oauth2 tokenEndpoint="https://login.example"/>    | <oauth2 tokenEndpoint="https://login.example"/>
            jdbc:postgresql://app:hunter2@db/sendport          | jdbc:postgresql://app:***@db/sendport
            """)
    void masksOnlySecrets(String xml, String shown) {
        assertThat(ShownSource.of(xml, Map.of(), true)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<smtp password=\"hunter2", "<smtp password='hunter2\n<b>", "<smtp password=hunter2"})
    void masksASecretWithoutAClosingQuote(String xml) {
        assertThat(ShownSource.of(xml, Map.of(), false)).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a key=\"hunter2&amp;go\"/>",
                "<a key=\"x hunter2&#38;go y\"/>",
                "<a key=\"&#x68;unter2&amp;go\"/>",
                "<!-- hunter2&go -->"
            })
    void masksASecretValueEverywhere(String xml) {
        assertThat(ShownSource.of(xml, Map.of(SECRET, "***"), true))
                .contains("***")
                .doesNotContain("unter2");
    }

    @Test
    void masksEveryValueOfAFileThatCouldNotBeRead() {
        assertThat(ShownSource.of("<property name=\"Relay\" value=\"hunter2\"/><oops>", Map.of(), false))
                .isEqualTo("<property name=\"Relay\" value=\"***\"/><oops>");
    }

    @Test
    void keepsLineNumbers() {
        String xml = "<a password=\"one\ntwo\nthree\"/>\n<b note=\"hunter2&amp;go\n\"/>\n<c/>";

        String shown = ShownSource.of(xml, Map.of(SECRET + "\n", "***"), true);

        assertThat(shown.lines().toList()).hasSameSizeAs(xml.lines().toList());
        assertThat(shown.lines().toList().get(5)).isEqualTo("<c/>");
    }

    @Test
    void neverShowsASecretInTruncatedText() {
        String xml = "<sendport note='it is > 1'> <smtp user=\"a\" password=\"correct-horse\" port=\"25\"/>";

        for (int end = 0; end <= xml.length(); end++) {
            assertThat(ShownSource.of(xml.substring(0, end), Map.of(), false)).doesNotContain("\"c");
        }
    }
}
