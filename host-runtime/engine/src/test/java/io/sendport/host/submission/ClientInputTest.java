package io.sendport.host.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.host.submission.ClientInput.Content;
import io.sendport.host.submission.ClientInput.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientInputTest {

    private static final String NEXT = "QUIT\r\n";

    /** Gives a few bytes at a time, as networks do. */
    private static InputStream inPieces(String sent, int piece) {
        return new ByteArrayInputStream(sent.getBytes(StandardCharsets.ISO_8859_1)) {
            @Override
            public synchronized int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(length, piece));
            }
        };
    }

    private record Mail(String text, Content content) {}

    private static Mail mail(ClientInput in, long limit) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Content content = in.mail(out, limit);
        return new Mail(out.toString(StandardCharsets.ISO_8859_1), content);
    }

    @Provide
    Arbitrary<List<String>> lines() {
        return Arbitraries.strings()
                .withChars(".aX \t\u00FF")
                .ofMaxLength(8)
                .list()
                .ofMaxSize(20);
    }

    @Property
    void readsAMailUnchangedAndContinuesAfterIt(
            @ForAll("lines") List<String> lines, @ForAll @IntRange(min = 1, max = 50) int piece) throws IOException {
        StringBuilder sent = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (String line : lines) {
            sent.append(line.startsWith(".") ? "." : "").append(line).append("\r\n");
            expected.append(line).append("\r\n");
        }
        ClientInput in = new ClientInput(inPieces(sent + ".\r\n" + NEXT, piece));
        Mail read = mail(in, Long.MAX_VALUE);
        assertThat(read.text()).isEqualTo(expected.toString());
        assertThat(read.content()).isEqualTo(new Content(expected.length(), false, false, false));
        assertThat(in.line().text()).isEqualTo("QUIT");
    }

    @Property
    void limitsTheLengthOfAMailAndReadsNothingBeyondItsEnd(
            @ForAll("hostile") String sent, @ForAll @IntRange(min = 0, max = 30) int limit) throws IOException {
        ClientInput in = new ClientInput(inPieces(sent + "\r\n.\r\n" + NEXT, 7));
        Mail read = mail(in, limit);
        assertThat(read.text().length()).isLessThanOrEqualTo(limit);
        assertThat(read.content().tooLarge()).isEqualTo(read.content().size() > limit);
        int end = (sent + "\r\n.\r\n").startsWith(".\r\n") ? 0 : (sent + "\r\n.\r\n").indexOf("\r\n.\r\n");
        String before = (sent + "\r\n.\r\n").substring(0, end == 0 ? 0 : end + 2);
        assertThat(read.content().bareNewline())
                .as(before.replace("\r", "<CR>").replace("\n", "<LF>"))
                .isEqualTo(before.replace("\r\n", "").matches("(?s).*[\r\n].*"));
        assertThat(read.content().nul()).isEqualTo(before.indexOf('\0') >= 0);
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.strings().withChars(".\r\na\0").ofMaxLength(40);
    }

    /** Ends that some server reads as one (SMTP smuggling): here they are a fault, and the commands behind them part of the mail. */
    @ParameterizedTest
    @ValueSource(strings = {"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\n\0.\r\n", "\n\n.\r\n"})
    void doesNotEndAMailAtANonstandardTerminator(String end) throws IOException {
        String smuggled = "hello" + end + "MAIL FROM:<x@evil.example>\r\n";
        ClientInput in = new ClientInput(inPieces(smuggled + ".\r\n" + NEXT, 100));
        Mail read = mail(in, Long.MAX_VALUE);
        assertThat(read.content().bareNewline() || read.content().nul()).isTrue();
        assertThat(in.line().text()).isEqualTo("QUIT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP\n", "NO\rOP\r\n", "NOOP\r\r\n"})
    void reportsABareCrOrLfInACommand(String sent) throws IOException {
        assertThat(new ClientInput(inPieces(sent, 100)).line().fault()).isEqualTo(Fault.BARE_NEWLINE);
    }

    @Test
    void limitsTheLengthOfALine() throws IOException {
        ClientInput in = new ClientInput(inPieces("A".repeat(20_000) + "\r\n" + NEXT, 1_000));
        assertThat(in.line().fault()).isEqualTo(Fault.TOO_LONG);
        assertThat(in.line().text()).isEqualTo("QUIT");
        ClientInput endless = new ClientInput(inPieces("A".repeat(1_000_000), 10_000));
        assertThatThrownBy(endless::line).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL FROM:<\u00FF@x>\r\n", "NOOP\0\r\n", "NOOP \u001B[2J\r\n"})
    void reportsNonTextCharactersInACommand(String sent) throws IOException {
        assertThat(new ClientInput(inPieces(sent, 100)).line().fault()).isEqualTo(Fault.NO_TEXT);
    }
}
