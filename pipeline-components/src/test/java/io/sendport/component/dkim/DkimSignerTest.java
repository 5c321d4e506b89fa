package io.sendport.component.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.MailSigner;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Workspace;
import io.sendport.component.mime.Scopes;
import io.sendport.test.TestHost;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class DkimSignerTest {

    private static final Map<String, String> SETTINGS =
            Map.of("domain", "corp.example", "selector", "s1", "signingKey", "dkim.pem");

    private static Path folder;
    private static DkimKey key;
    private static Verifiers verifiers;
    private static MailSigner commented;

    private final Map<String, String> facts = new TreeMap<>();

    @BeforeContainer
    static void makeKey() throws Exception {
        folder = Files.createTempDirectory("dkim");
        key = DkimKey.shared();
        key.write(folder.resolve("dkim.pem"));
        verifiers = new Verifiers(key.record());
        commented = signer(Map.of("headers", "Comments"));
    }

    @AfterContainer
    static void askDkimpy() throws Exception {
        verifiers.askDkimpy(folder);
        try (var files = Files.list(folder)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(folder);
    }

    private static MailSigner signer(Map<String, String> more) throws Exception {
        Map<String, String> all = new LinkedHashMap<>(SETTINGS);
        all.putAll(more);
        return new DkimFactory().create(Scopes.element(folder, "dkim", all), new TestHost(folder));
    }

    private byte[] signed(HeaderFields header, String content) throws Exception {
        return signed(signer(Map.of()), header, content);
    }

    private byte[] signed(MailSigner signer, HeaderFields header, String content) throws Exception {
        Body body = Body.of(content, StandardCharsets.UTF_8);
        ByteArrayOutputStream mail = new ByteArrayOutputStream();
        header.after(signer.sign(header, body, new Scope())).writeTo(mail);
        mail.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        try (InputStream in = body.open()) {
            in.transferTo(mail);
        }
        return mail.toByteArray();
    }

    private static HeaderFields header() {
        return HeaderFields.none()
                .plus("Date", "Sat, 21 Nov 2026 08:00:00 +0000")
                .plus("From", "Billing <billing@corp.example>")
                .plus("To", "accounts@customer.example")
                .plus("Subject", "Invoice")
                .plus("Message-ID", "<1@corp.example>");
    }

    private static byte[] changed(byte[] mail, String what, String into) {
        String text = new String(mail, StandardCharsets.UTF_8);
        assertThat(text).contains(what);
        return text.replace(what, into).getBytes(StandardCharsets.UTF_8);
    }

    @Example
    void prependsASignatureThatOtherVerifiersAccept() throws Exception {
        byte[] mail = signed(header(), "Dear customer,\r\n\r\n.pay\r\n..\r\n\r\n");
        verifiers.requireGood(mail);
        String text = new String(mail, StandardCharsets.UTF_8);
        assertThat(text)
                .startsWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=corp.example; s=s1;")
                .contains("t=1700000000;")
                .contains("From:From: ")
                .doesNotContain("l=");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(78));
        assertThat(facts).isEqualTo(Map.of("dkim.domain", "corp.example", "dkim.selector", "s1"));
    }

    @Example
    void producesTheSameSignatureForTheSameMail() throws Exception {
        assertThat(signed(header(), "a\r\n")).isEqualTo(signed(header(), "a\r\n"));
    }

    @Example
    void theSignatureBreaksWhenSignedContentIsChanged() throws Exception {
        byte[] mail = signed(header(), "Pay 100 EUR\r\n");
        verifiers.requireBad(changed(mail, "100", "900"));
        verifiers.requireBad(changed(mail, "EUR\r\n", "EUR\r\nand more\r\n"));
        verifiers.requireBad(changed(mail, "Subject: Invoice", "Subject: Reminder"));
        verifiers.requireBad(changed(mail, "\r\nFrom: ", "\r\nFrom: boss@corp.example\r\nFrom: "));
        verifiers.requireBad(changed(mail, "\r\nDate: ", "\r\nReply-To: thief@other.example\r\nDate: "));
        verifiers.requireBad(changed(mail, "\r\nDate: ", "\r\nContent-Type: text/html\r\nDate: "));
    }

    @Example
    void theSignatureSurvivesRefoldingAndAddedTraceFields() throws Exception {
        byte[] mail = signed(header(), "Pay \t 100  EUR  \r\n");
        verifiers.requireGood(changed(mail, "Subject: Invoice", "subject:\r\n\tInvoice  "));
        verifiers.requireGood(changed(mail, "DKIM-Signature: ", "Received: by relay\r\nDKIM-Signature:  "));
        verifiers.requireGood(changed(mail, "Pay \t 100  EUR  \r\n", "Pay 100 EUR\r\n\r\n"));
    }

    @Example
    void signsEmptyContentAsTheStandardRequires() throws Exception {
        byte[] mail = signed(header(), "");
        // jDKIM hashes a line end instead. dkimpy and the standard hash nothing.
        verifiers.keep(mail, true);
        assertThat(new String(mail, StandardCharsets.UTF_8))
                .contains("bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;");
    }

    @Example
    void signsNonAsciiHeaderFields() throws Exception {
        byte[] mail = signed(
                HeaderFields.none().plus("From", "b\u00fccher@corp.example").plus("To", "\u00e9@customer.example"),
                "a\r\n");
        verifiers.keep(mail, true);
        verifiers.keep(changed(mail, "\u00e9@", "e@"), false);
    }

    @Example
    void signsAdditionalConfiguredHeaderFields() throws Exception {
        MailSigner signer = signer(Map.of("headers", "X-Invoice, List-Unsubscribe; subject"));
        byte[] mail = signed(signer, header().plus("X-Invoice", "7").plus("X-Invoice", "8"), "a\r\n");
        verifiers.requireGood(mail);
        verifiers.requireBad(changed(mail, "X-Invoice: 7", "X-Invoice: 9"));
        verifiers.requireBad(changed(mail, "X-Invoice: 8", "X-Invoice: 8\r\nX-Invoice: 9"));
        verifiers.requireBad(changed(mail, "\r\nDate: ", "\r\nList-Unsubscribe: <https://other.example>\r\nDate: "));
        verifiers.requireGood(
                changed(signed(header().plus("X-Invoice", "7"), "a\r\n"), "X-Invoice: 7", "X-Invoice: 9"));
    }

    @Example
    void signsForADomainOrItsSubdomainsOnly() throws Exception {
        verifiers.requireGood(signed(from("a@CORP.example"), "a\r\n"));
        verifiers.requireGood(signed(from("a@mail.corp.example, b@corp.example"), "a\r\n"));
        for (String other : List.of("a@other.example", "a@evilcorp.example", "a@corp.example, b@other.example")) {
            assertThatThrownBy(() -> signed(from(other), "a\r\n"))
                    .hasMessageContaining("is not corp.example or a subdomain of it")
                    .hasMessageContaining("the mail is not sent")
                    .hasMessageNotContaining("@");
        }
        assertThatThrownBy(() -> signed(HeaderFields.none(), "a\r\n")).hasMessageContaining("0 From fields");
        assertThatThrownBy(() -> signed(header().plus("from", "x@corp.example"), "a\r\n"))
                .hasMessageContaining("2 From fields");
        assertThatThrownBy(() -> signed(from("undisclosed"), "a\r\n")).hasMessageContaining("not a list of addresses");
        assertThatThrownBy(() -> signed(from(","), "a\r\n")).hasMessageContaining("From field has no address");
    }

    private static HeaderFields from(String from) {
        return HeaderFields.none().plus("From", from).plus("Subject", "Invoice");
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.strings()
                .withChars("ab:;=,\"<>.@ \t")
                .ofMaxLength(40)
                .list()
                .ofMaxSize(8)
                .map(words -> String.join(" ", words));
    }

    @Provide
    Arbitrary<String> contents() {
        return Arbitraries.of("a", "From ", ".", "\u00e9", " ", "\t", "\r\n", "\r\n.\r\n", "x".repeat(900))
                .list()
                .ofMinSize(1)
                .ofMaxSize(40)
                .map(parts -> "a" + String.join("", parts) + "\r\n");
    }

    @Property(tries = 60)
    void signsAnyMailSoThatOtherVerifiersAcceptIt(
            @ForAll("values") String subject, @ForAll("values") String topic, @ForAll("contents") String content)
            throws Exception {
        HeaderFields header =
                header().plus("Reply-To", "").plus("Comments", subject).plus("comments", topic);
        verifiers.requireGood(signed(commented, header, content));
    }

    @Example
    void hashesLargeContentAsAStream() throws Exception {
        long size = 16L * 1024 * 1024;
        Body large = new Body() {
            @Override
            public InputStream open() {
                return new InputStream() {
                    private long left = size;

                    @Override
                    public int read() {
                        return left-- > 0 ? 'a' : -1;
                    }

                    @Override
                    public int read(byte[] buffer, int from, int length) {
                        int given = (int) Math.min(left, length);
                        java.util.Arrays.fill(buffer, from, from + given, (byte) 'a');
                        left -= given;
                        return given == 0 ? -1 : given;
                    }
                };
            }

            @Override
            public long size() {
                return size;
            }
        };
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        MailSigner signer = signer(Map.of());
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(signer.sign(header(), large, new Scope()).value()).contains("bh=");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1024 * 1024);
    }

    private final class Scope implements EncodeScope {
        @Override
        public String port() {
            return "P";
        }

        @Override
        public Workspace workspace() {
            return Scopes.MEMORY;
        }

        @Override
        public MessageId messageId() {
            return new MessageId("6f0c2b1e-0000-4000-8000-000000000001");
        }

        @Override
        public Instant submittedAt() {
            // In the past: jDKIM refuses a signature of the future.
            return Instant.ofEpochSecond(1_700_000_000L);
        }

        @Override
        public Optional<MailAddress> author() {
            return Optional.empty();
        }

        @Override
        public List<MailAddress> recipients() {
            return List.of(MailAddress.parse("accounts@customer.example"));
        }

        @Override
        public void leaveOut(MailAddress recipient, String why) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HeaderFields header() {
            return DkimSignerTest.header();
        }

        @Override
        public void record(String name, String value) {
            facts.put(name, value);
        }
    }
}
