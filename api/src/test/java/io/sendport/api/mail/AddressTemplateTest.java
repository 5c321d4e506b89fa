package io.sendport.api.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.template.MacroText.Macro;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTemplateTest {

    private static List<Mailbox> mailboxes(String template, String value) {
        return AddressTemplate.parseList(template).stream()
                .map(each -> each.mailbox(macro -> value))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "%V%@customer.example | joe | joe@customer.example",
                "billing+%V%@customer.example | 4711 | billing+4711@customer.example",
                "%V%@customer.example | Jörg | Jörg@customer.example",
                "orders@%V%.example | customer | orders@customer.example",
                "orders@%V% | customer.example | orders@customer.example",
                "%V% | joe@customer.example | joe@customer.example",
                "%V% | \"joe smith\"@customer.example | \"joe smith\"@customer.example",
                "%V% | Joe Smith <joe@customer.example> | Joe Smith <joe@customer.example>",
                "Joe <%V%> | joe@customer.example | Joe <joe@customer.example>",
                "%V% <joe@customer.example> | Smith, \"Joe\" <x@y.example> | Smith, \"Joe\" <x@y.example> <joe@customer.example>",
                "\"%V%\" <joe@customer.example> | a\\\", b | a\\\", b <joe@customer.example>",
            })
    void aValueStaysInItsPartOfTheAddress(String template, String value, String mailbox) {
        assertThat(mailboxes(template, value)).singleElement().hasToString(mailbox);
    }

    @Test
    void splitsTheListBeforeExpandingMacros() {
        assertThat(mailboxes("\"%V%\" <a@corp.example>; %V% <b@corp.example>, c@corp.example,", "x, y; z"))
                .extracting(Mailbox::toString)
                .containsExactly("x, y; z <a@corp.example>", "x, y; z <b@corp.example>", "c@corp.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil@attacker.example, joe",
                "evil@attacker.example",
                "evil%attacker.example",
                "attacker.example!evil",
                "joe@customer.example>,<evil@attacker.example",
                "\"joe",
                "joe smith",
                "joe;x",
                "joe:x",
                "joe\\",
                "|cat",
                "/etc/passwd",
                "joe\u0000",
                "joe\r\nRCPT TO:<evil@attacker.example>",
                "joe\uFF20attacker.example",
                ".joe",
                "joe..smith",
                "%Other%"
            })
    void rejectsAValueThatLeavesTheLocalPartWithoutQuotingIt(String value) {
        assertThatThrownBy(() -> mailboxes("%V%@customer.example", value))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain(value)
                .containsAnyOf(
                        "the value of %V% has the character U+", "the values result in an address that is not valid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@customer.example, b@customer.example",
                "a@customer.example;b@customer.example",
                "a@customer.example, Bob <b@customer.example>",
                "Ann; b@customer.example <c@customer.example>",
                "joe",
                "<a@customer.example>, <b@customer.example>",
                "\"x\" <evil@attacker.example>, \"y\" <b@customer.example>",
                "a@customer.example> SIZE=1 <b@customer.example",
                "a@customer.example\r\nBcc: evil@attacker.example",
                "@attacker.example:a@customer.example"
            })
    void rejectsAValueThatIsNotASingleAddress(String value) {
        for (String template : List.of("%V%", "Joe <%V%>")) {
            assertThatThrownBy(() -> mailboxes(template, value))
                    .hasMessage("the value of %V% is not a single address;"
                            + " neither a list nor a second display name is allowed");
        }
        assertThatThrownBy(() -> mailboxes("Joe <%V%>", "Ann <ann@customer.example>"))
                .hasMessageContaining("is not a single address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x.example, b@y", "x.example>", "[127.0.0.1]", "x@y.example", "x..example", "x example", "-x"})
    void rejectsAnInvalidDomainValue(String value) {
        assertThatThrownBy(() -> mailboxes("orders@%V%", value))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nBcc: x", "a\u0000", "a\u2028b", "\uD800", "a\u202Eb"})
    void rejectsControlCharactersInADisplayName(String value) {
        assertThatThrownBy(() -> mailboxes("%V% <a@corp.example>", value))
                .hasMessageContaining("which is not allowed in a display name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"joe", "%A%%B%", "joe%V%", "%MessageID%", "%V%@", "@%V%", "a@b..%V%", "joe smith@%V%", "%V%>"})
    void rejectsATemplateThatNoValueMakesValid(String template) {
        assertThatThrownBy(() -> AddressTemplate.parseList("ok@corp.example, " + template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(template);
    }

    @Test
    void identifiesTheMacroThatChoosesTheDomain() {
        assertThat(AddressTemplate.parseList(
                        "a@corp.example, %A% <%B%@corp.example>, %C%, <%D%>, a@%E%.example, a@%MessageID%.example"))
                .extracting(each -> each.foreignDomain().map(Macro::name).orElse(""))
                .containsExactly("", "", "C", "D", "E", "");
        assertThat(AddressTemplate.parseList("Ann <ann@corp.example>, %A% <b@corp.example>, %B%"))
                .extracting(each -> each.literal().map(Mailbox::toString).orElse(""))
                .containsExactly("Ann <ann@corp.example>", "", "");
    }
}
