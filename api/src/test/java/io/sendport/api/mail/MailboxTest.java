package io.sendport.api.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MailboxTest {

    @Test
    void parsesListsWithCommasSemicolonsAndQuotedNames() {
        assertThat(Mailbox.parseList(
                        "Billing <billing@corp.example>; ops@corp.example, \"Last, First\" <l@corp.example>;"))
                .extracting(Mailbox::name, box -> box.address().toString())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("Billing", "billing@corp.example"),
                        org.assertj.core.groups.Tuple.tuple("", "ops@corp.example"),
                        org.assertj.core.groups.Tuple.tuple("Last, First", "l@corp.example"));
    }

    @Test
    void usesTheAddressInBracketsNotTheOneInTheName() {
        Mailbox box = Mailbox.parse("\"good@corp.example <x@evil.example>\" <real@corp.example>");
        assertThat(box.address()).hasToString("real@corp.example");
    }

    @Test
    void allowsAnEmbeddedAddressOnlyInQuotes() {
        assertThat(Mailbox.parse("\"x@evil.example x\"@corp.example").address().domain())
                .isEqualTo("corp.example");
        assertThatThrownBy(() -> Mailbox.parse("a <b@c.example> d@e.example>"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void aWrittenListParsesToTheSameMailboxes(@ForAll("names") String first, @ForAll("names") String second) {
        MailAddress address = MailAddress.parse("a@corp.example");
        List<Mailbox> boxes = List.of(new Mailbox(first, address), new Mailbox(second, address));
        assertThat(Mailbox.parseList(Mailbox.writeList(boxes))).isEqualTo(boxes);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .withChars("aB ,;<>@\"\\()\u00E4")
                .ofMaxLength(10)
                .filter(name -> !name.isBlank() || name.isEmpty());
    }

    @Test
    void rejectsALineBreakInTheName() {
        assertThatThrownBy(() -> Mailbox.parse("a\r\nBcc: x@evil.example <b@c.example>"))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("\r");
    }
}
