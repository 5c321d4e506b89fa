package io.sendport.api.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.example",
                "first.last+tag@corp.example",
                "\"odd one\"@corp.example",
                "ä@corp.example",
                "a@[127.0.0.1]",
                "x@müller.example"
            })
    void acceptsValidEnvelopeAddresses(String text) {
        assertThat(MailAddress.parse(text).toString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b\r\nRCPT TO:<evil@x>",
                "a\n@b.example",
                "a\u0000@b.example",
                "a b@c.example",
                "@b.example",
                "a@",
                "a",
                "a..b@c.example",
                ".a@c.example",
                "a@-b.example",
                "a@b..example",
                "a>b@c.example",
                "<a@b.example>",
                "\"a\"b\"@c.example",
                "a\u2028@b.example",
                "a\u0085@b.example",
                "a@b.example\u0000",
                "\ud800@b.example",
                "a,b@c.example"
            })
    void rejectsInvalidOrAmbiguousAddresses(String text) {
        assertThatThrownBy(() -> MailAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x760D, 0x760A, 0x010D, 0x010A})
    void requiresSmtpUtf8ForCharactersWhoseLowByteIsALineEnd(int codePoint) {
        String text = "a" + Character.toString(codePoint) + "@b.example";
        try {
            assertThat(MailAddress.parse(text).needsSmtpUtf8()).isTrue();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("address");
        }
    }

    @Property(tries = 2000)
    void anAcceptedAddressHasNoControlCharactersAndRoundTrips(@ForAll String text) {
        try {
            MailAddress address = MailAddress.parse(text);
            assertThat(address.toString().chars()).noneMatch(c -> c < 32 || c == 127 || c == '\u2028' || c == '\u2029');
            assertThat(address.localPart().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(64);
            assertThat(MailAddress.parse(address.toString())).isEqualTo(address);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).doesNotContain("\n").doesNotContain("\r");
        }
    }

    @Example
    void convertsTheDomainToAscii() {
        assertThat(MailAddress.parse("x@müller.example").withAsciiDomain().toString())
                .isEqualTo("x@xn--mller-kva.example");
    }
}
