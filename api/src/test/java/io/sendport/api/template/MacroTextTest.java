package io.sendport.api.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.template.MacroText.Macro;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MacroTextTest {

    @Test
    void keepsAPercentSignThatStartsNoMacro() {
        assertThat(MacroText.parse("100%% of %A.B%, 5 % and 7 %! %ü_-1%").expand(macro -> "[" + macro.name() + "]"))
                .isEqualTo("100% of [A.B], 5 % and 7 %! [ü_-1]");
    }

    @Test
    void doesNotExpandMacrosInValues() {
        assertThat(MacroText.parse("%A%%B%").expand(macro -> "%" + macro.name() + "%%C%"))
                .isEqualTo("%A%%C%%B%%C%");
    }

    @Test
    void findsTheFirstMacroThatIsNotBuiltIn() {
        assertThat(MacroText.parse("%MessageID% %datetime.tz% %MIME.FileName% %X%")
                        .foreign())
                .map(Macro::name)
                .hasValue("MIME.FileName");
        assertThat(MacroText.parse("%MessageID% %time%").foreign()).isEmpty();
    }

    @Property(tries = 500)
    void roundTripsThroughItsText(@ForAll String text) {
        MacroText read = MacroText.parse(text);
        assertThat(MacroText.parse(read.toString())).isEqualTo(read);
    }
}
