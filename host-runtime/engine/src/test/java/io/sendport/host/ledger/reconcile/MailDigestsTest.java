package io.sendport.host.ledger.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MailDigestsTest {

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.of("\r\n", "a", ".", "From ", "\r\n\r\n", "x".repeat(20_000), "ü", " ", "\t")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<String>> traces() {
        return Arbitraries.of(
                        "Received: from a\r\n\tby b; date\r\n",
                        "Return-Path: <>\r\n",
                        "X-Spam: no\r\n",
                        "DKIM-Signature: v=1;\r\n b=abc\r\n",
                        "Delivered-To: x@y\r\n")
                .list()
                .ofMaxSize(8);
    }

    @Property(tries = 500)
    void recognizesAMailDespiteTraceFieldsAndOtherLineEndings(
            @ForAll("bodies") String body, @ForAll("traces") List<String> traces, @ForAll boolean unix)
            throws Exception {
        String sent = "X-Own: 1\r\nDate: today\r\nMessage-ID: <1@x>\r\n\r\n" + body + "\r\n";
        String kept = String.join("", traces) + sent;
        MailDigests print = print(unix ? kept.replace("\r\n", "\n") : kept);
        assertThat(print.digests()).contains(sha256(sent));
        assertThat(print.mimeMessageId()).isEqualTo("<1@x>");
    }

    @Property(tries = 500)
    void doesNotRecognizeAMailWithAChangedLetter(@ForAll("bodies") String body) throws Exception {
        String head = "Date: today\r\nMessage-ID: <1@x>\r\n\r\n";
        assertThat(print(head + body + "b\r\n").digests()).doesNotContain(sha256(head + body + "c\r\n"));
    }

    @Test
    void recognizesAMailWithoutAFinalLineBreak() throws Exception {
        String sent = "Date: today\r\n\r\nlast";
        assertThat(print(sent + "\r\n").digests()).contains(sha256(sent));
        assertThat(print(sent).digests()).isEqualTo(Set.of(sha256(sent)));
    }

    @Test
    void ignoresAMessageIdInTheBody() {
        assertThat(print("Date: today\r\n\r\nMessage-ID: <1@x>\r\n").mimeMessageId())
                .isEmpty();
    }

    private static MailDigests print(String mail) {
        MailDigests print = new MailDigests();
        byte[] bytes = mail.getBytes(StandardCharsets.UTF_8);
        // In two halves, so that a line end may fall between them.
        print.add(bytes, 0, bytes.length / 2);
        print.add(bytes, bytes.length / 2, bytes.length);
        return print;
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
