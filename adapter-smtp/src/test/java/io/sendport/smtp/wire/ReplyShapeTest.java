package io.sendport.smtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ReplyShapeTest {

    @Example
    void requiresThreeDigitsThenASpaceHyphenOrLineEnd() {
        for (String reply : List.of(
                "250 ok\n", "250\n", "250 \n", "250-one\n250 two\n", "250-\n250\n", "599 x\n", "250 a\u0085b\n")) {
            assertThat(ReplyShape.fault(reply, false)).as(reply).isEmpty();
        }
        for (String noise :
                List.of("", "\n", "25\n", "2500\n", "250ok\n", "250\tok\n", " 250 ok\n", "150 x\n", "650 x\n")) {
            assertThat(ReplyShape.fault(noise, false)).as(noise).isPresent();
        }
        assertThat(ReplyShape.fault("\u0662\u0665\u0660 ok\n", false))
                .as("digits of another script")
                .isPresent();
    }

    @Example
    void saysWhichCodesContradictEachOther() {
        assertThat(ReplyShape.fault("250-queued\n550 5.7.1 no\n", false))
                .contains("its lines have different codes (250, 550): 250-queued / 550 5.7.1 no");
    }

    @Example
    void rejectsABareCodeAtTheEndOfTheConnection() {
        assertThat(ReplyShape.fault("250\n", true)).isPresent();
        assertThat(ReplyShape.fault("250 o\n", true)).as("the code is complete").isEmpty();
    }

    @Example
    void rejectsAMultilineReplyWithoutALastLine() {
        assertThat(ReplyShape.fault("250-one\n250-two\n", false)).isPresent();
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> code =
                Arbitraries.of("250", "251", "354", "421", "450", "550", "25", "2500", "2x0", "199", "600", "");
        Arbitrary<String> separator = Arbitraries.of(" ", "-", "", "\t", "_", "0");
        Arbitrary<String> text = Arbitraries.strings().excludeChars('\n', '\r').ofMaxLength(10);
        return Combinators.combine(code, separator, text)
                .as((first, second, third) -> first + second + third)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    /** Told here once more, another way, so that neither is right by itself. */
    @Property
    void followsTheGrammarOfRfc5321(@ForAll("lines") List<String> lines) {
        boolean reply = true;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean last = i == lines.size() - 1;
            boolean code = line.length() >= 3
                    && "2345".indexOf(line.charAt(0)) >= 0
                    && "0123456789".indexOf(line.charAt(1)) >= 0
                    && "0123456789".indexOf(line.charAt(2)) >= 0;
            char then = line.length() > 3 ? line.charAt(3) : ' ';
            reply &= code
                    && then == (last ? ' ' : '-')
                    && line.startsWith(
                            lines.get(0).substring(0, Math.min(3, lines.get(0).length())));
        }
        assertThat(ReplyShape.fault(String.join("\n", lines) + "\n", false).isEmpty())
                .as(lines.toString())
                .isEqualTo(reply);
    }
}
