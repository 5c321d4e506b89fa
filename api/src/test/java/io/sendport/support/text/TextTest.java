package io.sendport.support.text;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 7, 8, 9, 10, 13, 27, 0x7F, 0x85, 0x9B, 0x61C, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C,
                0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF, 0xD800, 0xDFFF
            })
    void escapesTerminalControlCharacters(int character) {
        String text = "a" + Character.toString(character) + "b";
        assertThat(Text.visible(text)).isEqualTo(String.format("a\\u%04Xb", character));
        assertThat(Text.printable(text)).isEqualTo(Text.visible(text));
    }

    @Test
    void escapesTagCharactersAsSurrogatePairs() {
        assertThat(Text.visible("a\uDB40\uDC41")).isEqualTo("a\\uDB40\\uDC41");
    }

    @Test
    void keepsLettersOfAllScriptsAndFourByteCharacters() {
        String text = "Rechnung \u00FC \u05D0 \u0639 \u4E2D \uD83D\uDE00 \\u0041";
        assertThat(Text.visible(text)).isEqualTo(text);
        assertThat(Text.printable("x".repeat(201))).isEqualTo("x".repeat(200) + "... (201 characters)");
    }

    @Test
    void countsCodePointsWhenLocatingACharacter() {
        assertThat(Text.locate("\uD83D\uDE00a\nb", Text::isHarmful)).contains("the character U+000A at position 3");
        assertThat(Text.locate("ab\uD83D", Text::isHarmful)).contains("the unpaired surrogate U+D83D at position 3");
        assertThat(Text.locate("ab", Text::isHarmful)).isEmpty();
    }

    @Property(tries = 500)
    void escapesAllHarmfulCharactersAndIsIdempotent(@ForAll String text) {
        String shown = Text.visible(text);
        assertThat(shown.codePoints())
                .noneMatch(c -> Character.isISOControl(c)
                        || Character.getType(c) == Character.FORMAT
                        || Character.getType(c) == Character.SURROGATE
                        || c == 0x2028
                        || c == 0x2029);
        assertThat(Text.visible(shown)).isEqualTo(shown);
    }
}
