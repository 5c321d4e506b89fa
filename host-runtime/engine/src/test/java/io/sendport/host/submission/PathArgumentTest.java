package io.sendport.host.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.mail.MailAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathArgumentTest {

    @Test
    void hasAnAddressAndParameters() {
        PathArgument mail = PathArgument.ofMail("FROM:<a@corp.example> SIZE=1000 BODY=8BITMIME smtputf8");
        assertThat(mail.address()).contains(MailAddress.parse("a@corp.example"));
        assertThat(mail.size()).isEqualTo(1_000);
        assertThat(mail.parameters()).containsKey("SMTPUTF8");
        assertThat(mail.unknownParameter()).isEmpty();
        assertThat(PathArgument.ofMail("FROM:<>").address()).isEmpty();
        assertThat(PathArgument.ofMail("from: <a@corp.example>").address()).isPresent();
        assertThat(PathArgument.ofRecipient("TO:<\"a> b\"@corp.example>").address())
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"FROM:<a@b.example> RET=FULL", "FROM:<a@b.example> SIZE=x", "FROM:<a@b.example> BODY=BINARYMIME"
            })
    void reportsAnUnknownOrInvalidParameter(String text) {
        assertThat(PathArgument.ofMail(text).unknownParameter()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TO:a@b.example",
                "TO:<a@b.example",
                "TO:<>",
                "TO:<a>",
                "TO:<a@b.example><c@d.example>",
                "TO:<a@b.example>,<c@d.example>",
                "TO:<@relay.example:a@b.example>",
                "TO:<a@b.example>X=1",
                "FROM:<a@b.example>"
            })
    void refusesAMalformedRecipientPath(String text) {
        assertThatThrownBy(() -> PathArgument.ofRecipient(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void needsUtf8OnlyForANonAsciiAddress() {
        assertThat(PathArgument.ofRecipient("TO:<\u00E4@b.example>").needsUtf8())
                .isTrue();
        assertThat(PathArgument.ofRecipient("TO:<a@b.example>").needsUtf8()).isFalse();
    }
}
