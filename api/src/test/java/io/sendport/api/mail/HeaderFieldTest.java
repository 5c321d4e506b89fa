package io.sendport.api.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class HeaderFieldTest {

    @Test
    void foldsALongLineBeforeASpace() {
        String folded = new HeaderField("Subject", "word ".repeat(40).strip()).folded();
        assertThat(folded.split("\r\n")).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(78));
        assertThat(folded.replace("\r\n", ""))
                .isEqualTo("Subject: " + "word ".repeat(40).strip());
    }

    @Test
    void rejectsAWordLongerThanTheLineLimit() {
        assertThatThrownBy(() -> new HeaderField("X", "a".repeat(1000))).hasMessageContaining("does not fit on a line");
    }

    @Test
    void namesTheInvalidCharacterWithoutQuotingTheValue() {
        assertThatThrownBy(() -> new HeaderField("Subject", "secret\r\nBcc: x"))
                .hasMessageStartingWith("header field Subject: the value has the character U+000D at position 7")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> new HeaderField("Subject", "\u00FCber")).hasMessageContaining("U+00FC at position 1");
        assertThatThrownBy(() -> new HeaderField("To", "a\tb@c.example")).hasMessageContaining("U+0009 at position 2");
    }

    @Property(tries = 3000)
    void neverWritesASecondField(@ForAll String name, @ForAll @StringLength(max = 300) String value) {
        String folded;
        try {
            folded = new HeaderField(name, value).folded();
        } catch (IllegalArgumentException e) {
            return;
        }
        assertThat(folded).endsWith("\r\n");
        String inner = folded.substring(0, folded.length() - 2);
        assertThat(inner.replace("\r\n ", "").replace("\r\n\t", ""))
                .doesNotContain("\r")
                .doesNotContain("\n");
        assertThat(inner.chars()).allMatch(c -> c < 127);
    }
}
