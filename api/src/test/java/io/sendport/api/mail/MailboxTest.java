package io.sendport.api.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MailboxTest {

    @Test
    void readsListsAsPeopleWriteThem() {
        assertThat(Mailbox.parseList(
                        "Billing <billing@corp.example>; ops@corp.example, \"Last, First\" <l@corp.example>;"))
                .extracting(Mailbox::name, box -> box.address().toString())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("Billing", "billing@corp.example"),
                        org.assertj.core.groups.Tuple.tuple("", "ops@corp.example"),
                        org.assertj.core.groups.Tuple.tuple("Last, First", "l@corp.example"));
    }

    @Test
    void takesTheAddressInBracketsAndNotOneInTheName() {
        Mailbox box = Mailbox.parse("\"good@corp.example <x@evil.example>\" <real@corp.example>");
        assertThat(box.address()).hasToString("real@corp.example");
    }

    @Test
    void refusesAQuotedAddressThatLooksLikeAnother() {
        assertThat(Mailbox.parse("\"x@evil.example x\"@corp.example").address().domain())
                .isEqualTo("corp.example");
        assertThatThrownBy(() -> Mailbox.parse("a <b@c.example> d@e.example>"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesALineBreakInTheName() {
        assertThatThrownBy(() -> Mailbox.parse("a\r\nBcc: x@evil.example <b@c.example>"))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("\r");
    }
}
