package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditFilterTest {

    /** As in the header of a mail, and as a mail program shows it. */
    @ParameterizedTest
    @ValueSource(strings = {"<0c1f@corp.example>", "0c1f@corp.example"})
    void findsAMessageIdWithOrWithoutBrackets(String messageId) {
        assertThat(AuditFilter.all().with("mime_message_id", messageId).equal())
                .containsEntry("mime_message_id", "<0c1f@corp.example>");
    }
}
