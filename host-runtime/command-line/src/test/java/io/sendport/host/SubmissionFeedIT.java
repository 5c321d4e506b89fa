package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.SubmissionInstallation.Talk;
import io.sendport.host.box.MessageRow;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Kind;
import io.sendport.testing.InTurn;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail that comes by SMTP, from the client's command to the relay, and from the hostile client to the refusal. */
@Timeout(300)
@InTurn
class SubmissionFeedIT {

    private static final String MAIL = "From: Ann <ann@corp.example>\r\nTo: b@customer.example\r\nSubject: Report\r\n"
            + "Message-ID: <1@app.example>\r\nX-Order: 4711\r\n\r\nThe report.\r\n.. and a line with a dot";
    private static final String TLS = "<tls keyStore='server.p12' password='secret'/>";

    @TempDir
    private Path folder;

    private SubmissionInstallation feed;

    @AfterEach
    void stop() throws Exception {
        if (feed != null) {
            feed.close();
        }
    }

    private Talk begin(String attributes, String elements) throws Exception {
        return begin(attributes, elements, "");
    }

    private Talk begin(String attributes, String elements, String more) throws Exception {
        feed = new SubmissionInstallation(folder, attributes, elements, more);
        Talk talk = feed.talk();
        String greeting = talk.answer();
        // The connection by which the start was noticed may not have ended.
        for (int i = 0; i < 100 && greeting.startsWith("421 "); i++) {
            talk.close();
            talk = feed.talk();
            greeting = talk.answer();
        }
        assertThat(greeting).startsWith("220 ").contains("ESMTP");
        return talk;
    }

    private List<String> recorded(Kind kind, String detail) {
        List<String> told = new ArrayList<>();
        feed.process
                .box()
                .ledger()
                .read(AuditFilter.all().ofKinds(List.of(kind)), each -> told.add(each.detail(detail)));
        return told;
    }

    @Test
    void answersStandardSmtpCommands() throws Exception {
        try (Talk talk = begin("", "<map port='Whole'/>")) {
            assertThat(talk.say("EHLO client").lines())
                    .contains("250-PIPELINING", "250-SIZE 104857600", "250-8BITMIME", "250-SMTPUTF8")
                    .noneMatch(line -> line.contains("AUTH") || line.contains("STARTTLS"));
            assertThat(talk.say("HELO client")).startsWith("250 ");
            assertThat(talk.say("NOOP")).startsWith("250 2.0.0");
            assertThat(talk.say("VRFY a")).startsWith("252 ");
            assertThat(talk.say("TURN")).startsWith("502 5.5.1");
            assertThat(talk.say("QUIT")).startsWith("221 ");
        }
    }

    @Test
    void forwardsAMailUnchanged() throws Exception {
        try (Talk talk = begin("", "<map port='Whole'/><promote header='X-Order' property='OrderNo'/>")) {
            talk.say("EHLO client");
            String answer = talk.handIn("bounces@corp.example", List.of("b@customer.example"), MAIL);
            assertThat(answer).startsWith("250 2.0.0 Ok: submitted as ");
            MessageRow row = feed.messages().get(0);
            assertThat(answer).endsWith(row.id().value());
            assertThat(feed.process.box().queries().context(row).text("OrderNo"))
                    .contains("4711");
            assertThat(feed.mails(1).get(0))
                    .contains("From: Ann <ann@corp.example>", "Message-ID: <1@app.example>", "X-Order: 4711")
                    .contains("The report.\r\n. and a line with a dot");
            assertThat(feed.relay.commands()).anyMatch(each -> each.startsWith("MAIL FROM:<bounces@corp.example>"));
            assertThat(feed.relay.commands()).anyMatch(each -> each.startsWith("RCPT TO:<b@customer.example>"));
            assertThat(recorded(Kind.SUBMITTED, "actor").get(0)).isNotEmpty();
        }
    }

    @Test
    void splitsAMailIntoPartsWhenThePortAssemblesIt() throws Exception {
        try (Talk talk = begin("", "<map port='Anew' content='parts'/>")) {
            assertThat(talk.say("QUIT")).startsWith("221 ");
            Properties properties = new Properties();
            properties.put("mail.smtp.host", "127.0.0.1");
            properties.put("mail.smtp.port", String.valueOf(feed.port));
            MimeMessage mail = new MimeMessage(Session.getInstance(properties));
            mail.setFrom(new InternetAddress("ann@corp.example", "Ann \u00C4rmel"));
            mail.setRecipients(Message.RecipientType.TO, "Bob <b@customer.example>");
            mail.setRecipients(Message.RecipientType.CC, "c@sub.partner.example");
            mail.setRecipients(Message.RecipientType.BCC, "secret@customer.example");
            mail.setSubject("Gr\u00FC\u00DFe", "utf-8");
            MimeBodyPart text = new MimeBodyPart();
            text.setText("Guten Tag \u20AC", "utf-8");
            MimeBodyPart attachment = new MimeBodyPart();
            attachment.setContent("a;b;c", "text/csv");
            attachment.setFileName("../../list.csv");
            mail.setContent(new MimeMultipart(text, attachment));
            Transport.send(mail);
            String sent = feed.mails(1).get(0);
            MimeMessage read = new MimeMessage(
                    Session.getInstance(new Properties()),
                    new java.io.ByteArrayInputStream(sent.getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(read.getSubject()).isEqualTo("Gr\u00FC\u00DFe");
            assertThat(read.getFrom()[0].toString()).contains("ann@corp.example");
            assertThat(read.getHeader("To")[0]).contains("b@customer.example");
            assertThat(read.getHeader("Cc")[0]).contains("c@sub.partner.example");
            assertThat(sent).doesNotContain("secret@customer.example");
            assertThat(feed.relay.count("RCPT TO:<secret@customer.example>")).isEqualTo(1);
            MimeMultipart parts = (MimeMultipart) read.getContent();
            assertThat(parts.getBodyPart(0).getContent().toString()).startsWith("Guten Tag \u20AC");
            assertThat(parts.getBodyPart(1).getFileName()).isEqualTo("list.csv");
        }
    }

    /** S/MIME for a program that knows nothing of it; the header of a mail stays in plain text. */
    @Test
    void encryptsAMailForAProgramWithoutSmime() throws Exception {
        Path certificates = java.nio.file.Files.createDirectory(folder.resolve("recipients"));
        Path made = java.nio.file.Files.createDirectory(folder.resolve("made"));
        java.nio.file.Files.copy(
                io.sendport.testing.ServerKey.make(made, "email:b@customer.example")
                        .certificate(),
                certificates.resolve("b.pem"));
        try (Talk talk = begin(
                "",
                "<map port='Sealed'/>",
                "<pipeline name='Seal'><encode><smime encrypt='true' signature='none' recipientCertificates='recipients'/>"
                        + "</encode></pipeline><sendPort name='Sealed' host='H' pipeline='Seal'><dynamic domains='customer.example'/>"
                        + "<mail from='a@corp.example' passThroughHeaders='true'/></sendPort>")) {
            talk.say("EHLO client");
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), MAIL))
                    .startsWith("250 ");
            assertThat(feed.mails(1).get(0))
                    .contains("Content-Type: application/pkcs7-mime", "Subject: Report", "Message-ID: <1@app.example>")
                    .doesNotContain("The report.");
        }
    }

    @Test
    void acceptsATextWithoutAHeader() throws Exception {
        try (Talk talk = begin("", "<map port='Whole'/>")) {
            talk.say("EHLO client");
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), "Backup done\r\nall well"))
                    .startsWith("250 ");
            assertThat(feed.mails(1).get(0))
                    .contains("From: port@corp.example", "Message-ID: <", "\r\n\r\nBackup done\r\nall well");
        }
    }

    @Test
    void doesNotActAsAnOpenRelay() throws Exception {
        try (Talk talk = begin("", "<map from='*@corp.example' port='Whole'/>")) {
            talk.say("EHLO client");
            talk.say("MAIL FROM:<a@corp.example>");
            assertThat(talk.say("RCPT TO:<x@elsewhere.example>"))
                    .startsWith("550 5.7.1 Port Whole may not send to this address");
            assertThat(talk.say("RCPT TO:<x%elsewhere.example@customer.example>"))
                    .startsWith("550 5.7.1");
            assertThat(talk.say("RCPT TO:<\"x@elsewhere.example\"@customer.example>"))
                    .startsWith("550 5.7.1");
            assertThat(talk.say("RCPT TO:<@customer.example:x@elsewhere.example>"))
                    .startsWith("501 5.1.3");
            assertThat(talk.say("DATA")).startsWith("554 5.5.1 No valid recipients");
            talk.say("RSET");
            talk.say("MAIL FROM:<a@elsewhere.example>");
            assertThat(talk.say("RCPT TO:<b@customer.example>")).startsWith("550 5.7.1 No port accepts mail");
            assertThat(feed.messages()).isEmpty();
        }
    }

    @Test
    void aRepeatedSubmissionCreatesNoSecondMessage() throws Exception {
        try (Talk talk = begin("", "<map port='Whole'/>")) {
            talk.say("EHLO client");
            String first = talk.handIn("a@corp.example", List.of("b@customer.example"), MAIL);
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), MAIL))
                    .isEqualTo(first);
            assertThat(talk.handIn("a@corp.example", List.of("c@customer.example"), MAIL))
                    .as("the same mail for somebody else is another")
                    .startsWith("250 ")
                    .isNotEqualTo(first);
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), MAIL + "\r\nanother text"))
                    .as("another mail with the same Message-ID")
                    .startsWith("554 5.7.1");
            assertThat(feed.messages()).hasSize(2);
        }
    }

    @Test
    void acceptsRecipientsOfTwoPortsTogetherOrNotAtAll() throws Exception {
        try (Talk talk = begin(
                "",
                "<map recipientDomain='customer.example' port='Whole'/><map recipientDomain='off.example' port='Off'/>"
                        + "<map port='Anew' content='parts'/>",
                "<sendPort name='Off' host='H' initialState='unenlisted'><dynamic domains='*'/>"
                        + "<mail from='a@corp.example'/></sendPort>")) {
            talk.say("EHLO client");
            String answer = talk.handIn("a@corp.example", List.of("b@customer.example", "c@x.partner.example"), MAIL);
            assertThat(answer.split(" as ")[1].split(" ")).hasSize(2);
            assertThat(feed.messages().stream().map(MessageRow::port)).containsExactlyInAnyOrder("Whole", "Anew");
            assertThat(feed.mails(2)).hasSize(2);
            assertThat(talk.handIn(
                            "a@corp.example",
                            List.of("b@customer.example", "d@off.example"),
                            MAIL.replace("<1@", "<2@")))
                    .startsWith("554 5.7.1 port Off is unenlisted");
            assertThat(feed.messages()).hasSize(2);
        }
    }

    @Test
    void requiresTlsForLogOnAndAppliesTheRolesOfTheToken() throws Exception {
        try (Talk talk = begin("logOn='true'", TLS + "<map user='billing' port='Whole'/><map port='Anew'/>")) {
            String secret = feed.token("billing", "submitter:Whole");
            String other = feed.token("viewer", "viewer");
            assertThat(talk.say("EHLO client")).contains("STARTTLS").doesNotContain("AUTH");
            assertThat(talk.say("MAIL FROM:<a@corp.example>")).startsWith("530 5.7.0 Issue STARTTLS");
            assertThat(talk.say("AUTH PLAIN " + plain("billing", secret))).startsWith("530 5.7.0 Issue STARTTLS");
            assertThat(talk.say("STARTTLS")).startsWith("220 ");
            Talk secure = secured(talk);
            assertThat(secure.say("AUTH PLAIN " + plain("billing", secret)))
                    .as("before EHLO")
                    .startsWith("503");
            assertThat(secure.say("EHLO client")).contains("AUTH PLAIN LOGIN").doesNotContain("STARTTLS");
            assertThat(secure.say("MAIL FROM:<a@corp.example>")).startsWith("530 5.7.0 Log on");
            assertThat(secure.say("AUTH PLAIN " + plain("billing", other))).startsWith("535 5.7.8");
            assertThat(secure.say("AUTH LOGIN")).isEqualTo("334 VXNlcm5hbWU6");
            assertThat(secure.say(base64("billing"))).isEqualTo("334 UGFzc3dvcmQ6");
            assertThat(secure.say(base64(secret))).startsWith("235 2.7.0");
            assertThat(secure.handIn("a@corp.example", List.of("b@customer.example"), MAIL))
                    .startsWith("250 ");
            assertThat(recorded(Kind.ACCESS, "detail")).containsExactly("a log-on to the submission feed was refused");
            assertThat(recorded(Kind.ACCESS, "detail").toString()).doesNotContain(other);
        }
        try (Talk again = feed.talk()) {
            again.answer();
            again.say("EHLO client");
            again.say("STARTTLS");
            Talk secure = secured(again);
            secure.say("EHLO client");
            String weak = feed.token("weak", "viewer");
            assertThat(secure.say("AUTH PLAIN " + plain("weak", weak))).startsWith("235");
            secure.say("MAIL FROM:<a@corp.example>");
            assertThat(secure.say("RCPT TO:<b@customer.example>")).startsWith("550 5.7.1 This user may not submit");
        }
    }

    private Talk secured(Talk talk) throws Exception {
        javax.net.ssl.SSLContext context = TestTls.trusting(folder.resolve(SubmissionInstallation.CERTIFICATE));
        javax.net.ssl.SSLSocket socket = (javax.net.ssl.SSLSocket)
                context.getSocketFactory().createSocket(talk.socket(), "localhost", feed.port, true);
        socket.startHandshake();
        return new Talk(socket);
    }

    private static String plain(String user, String password) {
        return base64("\0" + user + "\0" + password);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void defersMailWithoutRoomAndRefusesMailThatIsTooLarge() throws Exception {
        try (Talk talk = begin(
                "",
                "<map recipientDomain='customer.example' port='Small'/><map port='Full'/>",
                "<sendPort name='Small' host='H'><dynamic domains='customer.example'/><mail from='a@corp.example'/>"
                        + "<limits maxMessageSize='1KB'/></sendPort>"
                        + "<sendPort name='Full' host='H' initialState='stopped'><dynamic domains='*'/>"
                        + "<mail from='a@corp.example'/><limits maxWaiting='1'/></sendPort>")) {
            talk.say("EHLO client");
            assertThat(talk.handIn("a@corp.example", List.of("x@full.example"), MAIL))
                    .startsWith("250 ");
            assertThat(talk.handIn("a@corp.example", List.of("x@full.example"), MAIL.replace("<1@", "<2@")))
                    .startsWith("451 4.3.0");
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), MAIL + "x".repeat(2_000)))
                    .startsWith("552 5.3.4");
            assertThat(talk.say("MAIL FROM:<a@corp.example> SIZE=2000")).startsWith("250 ");
            assertThat(talk.say("RCPT TO:<b@customer.example>")).startsWith("552 5.3.4");
            assertThat(talk.say("RSET")).startsWith("250 ");
            assertThat(talk.say("MAIL FROM:<a@corp.example> SIZE=999999999999")).startsWith("552 5.3.4");
            assertThat(feed.messages()).hasSize(1);
        }
    }

    @Test
    void refusesClientsFromOtherNetworks() throws Exception {
        try (Talk talk = beginWithout("<allow network='10.9.9.9'/><map port='Whole'/>")) {
            assertThat(talk.answer()).startsWith("554 5.7.1");
            assertThat(talk.answer()).isEmpty();
        }
    }

    private Talk beginWithout(String elements) throws Exception {
        feed = new SubmissionInstallation(folder, "", elements, "");
        return feed.talk();
    }

    @Test
    void limitsConnectionsRecipientsAndErrors() throws Exception {
        try (Talk talk = begin("maxConnections='1' maxRecipients='2'", "<map port='Whole'/>")) {
            try (Talk second = feed.talk()) {
                assertThat(second.answer()).startsWith("421 4.7.0 Too many connections");
            }
            talk.say("EHLO client");
            talk.say("MAIL FROM:<a@corp.example>");
            talk.say("RCPT TO:<b@customer.example>");
            talk.say("RCPT TO:<c@customer.example>");
            assertThat(talk.say("RCPT TO:<d@customer.example>")).startsWith("452 4.5.3");
            String last = "";
            for (int i = 0; i < 11; i++) {
                last = talk.say("NONSENSE");
            }
            assertThat(last).startsWith("421 4.7.0");
            assertThat(talk.answer()).isEmpty();
        }
    }

    @Test
    void refusesAMailWithSmuggledCommands() throws Exception {
        try (Talk talk = begin("", "<map port='Whole'/>")) {
            talk.say("EHLO client");
            for (String end : List.of("\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r")) {
                String hidden = MAIL + end + "MAIL FROM:<x@evil.example>\r\nRCPT TO:<b@customer.example>\r\nDATA\r\n"
                        + "Subject: forged\r\n\r\nforged";
                assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), hidden))
                        .startsWith("554 5.6.0");
                assertThat(talk.say("NOOP")).startsWith("250 ");
                assertThat(feed.messages()).isEmpty();
            }
        }
    }

    @Test
    void disconnectsAClientThatDoesNotWaitForTheReply() throws Exception {
        try (Talk talk = begin("", TLS + "<map port='Whole'/>")) {
            talk.say("EHLO client");
            talk.send("STARTTLS\r\nEHLO injected\r\n");
            assertThat(talk.answer()).startsWith("554 5.5.0");
            assertThat(talk.answer()).isEmpty();
        }
        try (Talk talk = feed.talk()) {
            talk.answer();
            talk.say("EHLO client");
            talk.say("MAIL FROM:<a@corp.example>");
            talk.say("RCPT TO:<b@customer.example>");
            talk.send("DATA\r\n" + MAIL + "\r\n.\r\n");
            assertThat(talk.answer()).startsWith("554 5.5.0");
            assertThat(feed.messages()).isEmpty();
        }
        try (Talk talk = feed.talk()) {
            talk.answer();
            talk.send("NOOP\nNOOP\r\n");
            assertThat(talk.answer()).startsWith("500 5.5.2");
            assertThat(talk.answer()).isEmpty();
        }
    }

    @Test
    void refusesAMalformedHeaderAtOnce() throws Exception {
        try (Talk talk = begin("", "<map port='Whole'/>")) {
            talk.say("EHLO client");
            for (String mail : List.of(
                    "Subject: a\r\nno field\r\n\r\ntext",
                    "Subject: a\r\nX\u0000Y: b\r\n\r\ntext",
                    "Subject: a\r\nBad Name: b\r\n\r\ntext")) {
                assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), mail))
                        .startsWith("554 5.6.0");
            }
        }
    }

    @Test
    void headerFieldsAddNoRecipients() throws Exception {
        try (Talk talk = begin("", "<map recipientDomain='customer.example' port='Anew' content='parts'/>")) {
            talk.say("EHLO client");
            String mail = "From: a@corp.example\r\nTo: b@customer.example, x@sub.partner.example\r\n"
                    + "Bcc: y@customer.example\r\nCc: z@customer.example\r\nSubject: s\r\n\r\ntext";
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), mail))
                    .startsWith("250 ");
            feed.mails(1);
            assertThat(feed.relay.count("RCPT TO:")).isEqualTo(1);
        }
    }

    @Test
    void acceptsAThousandRecipientsInOneMail() throws Exception {
        try (Talk talk = begin("", "<map port='Whole'/>")) {
            talk.say("EHLO client");
            List<String> many = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                many.add("b" + i + "@customer.example");
            }
            assertThat(talk.handIn("a@corp.example", many, MAIL)).startsWith("250 ");
            talk.say("MAIL FROM:<a@corp.example>");
            for (int i = 0; i < 50; i++) {
                assertThat(talk.say("RCPT TO:<x@elsewhere.example>")).startsWith("550 ");
            }
            talk.say("RSET");
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), MAIL.replace("<1@", "<2@")))
                    .as("after many recipients that were refused")
                    .startsWith("250 ");
        }
    }

    @Test
    void aCommaInANameDoesNotSplitTheAddressList() throws Exception {
        try (Talk talk = begin("", "<map port='Anew' content='parts'/>")) {
            talk.say("EHLO client");
            String mail = "From: \"Doe, Ann\" <ann@corp.example>\r\nTo: \"Roe, Bob\" <b@customer.example>,"
                    + " =?utf-8?q?M=C3=BCller=2C_A?= <c@customer.example>\r\nSubject: =?utf-8?q?a=0D=0Ab?=\r\n\r\ntext";
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example", "c@customer.example"), mail))
                    .startsWith("250 ");
            MimeMessage read = new MimeMessage(
                    Session.getInstance(new Properties()),
                    new java.io.ByteArrayInputStream(feed.mails(1).get(0).getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(((InternetAddress) read.getFrom()[0]).getPersonal()).isEqualTo("Doe, Ann");
            assertThat(read.getRecipients(Message.RecipientType.TO)).hasSize(2);
            assertThat(((InternetAddress) read.getRecipients(Message.RecipientType.TO)[1]).getPersonal())
                    .isEqualTo("M\u00FCller, A");
            assertThat(read.getSubject()).isEqualTo("a b");
        }
    }

    @Test
    void distinguishesMailsWithOneMessageIdByTheirSubjects() throws Exception {
        try (Talk talk = begin("", "<map port='Anew' content='parts'/>")) {
            talk.say("EHLO client");
            String first = talk.handIn("a@corp.example", List.of("b@customer.example"), MAIL);
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), MAIL))
                    .isEqualTo(first);
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), MAIL.replace("Report", "Other")))
                    .startsWith("250 ")
                    .isNotEqualTo(first);
        }
    }

    @Test
    void refusesAMailThatCannotBeSentInsteadOfSuspendingIt() throws Exception {
        try (Talk talk = begin("", "<map port='Anew' content='parts'/>")) {
            talk.say("EHLO client");
            for (String mail : List.of(
                    "Subject: a\u0001b\r\n\r\ntext",
                    "Subject: s\r\nX-SMTPAPI: LONG\r\n\r\ntext",
                    "Subject: s\r\nContent-Transfer-Encoding: x-foo\r\n\r\ntext",
                    "Subject: s\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!a")) {
                assertThat(talk.handIn(
                                "a@corp.example",
                                List.of("b@customer.example"),
                                mail.replace("LONG", "a".repeat(1_500))))
                        .startsWith("554 5.6.0");
                assertThat(talk.say("NOOP")).as("the session goes on").startsWith("250 ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Error: disk full\r\nsecond line", "Error: disk full\r\n\r\nsecond line"})
    void treatsTextThatResemblesAHeaderAsTheBody(String text) throws Exception {
        try (Talk talk = begin("", "<map port='Whole'/>")) {
            talk.say("EHLO client");
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), text))
                    .startsWith("250 ");
            assertThat(feed.mails(1).get(0)).contains("\r\n\r\n" + text);
        }
    }

    @Test
    void refusesAMailWithTooManyParts() throws Exception {
        try (Talk talk = begin("", "<map port='Anew' content='parts'/>")) {
            talk.say("EHLO client");
            String mail =
                    "Subject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\n".repeat(100_000);
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), mail))
                    .startsWith("554 5.6.0");
        }
    }

    @Test
    void refusesAnOverlongAddressAsASyntaxError() throws Exception {
        try (Talk talk = begin("", "<map port='Whole'/>")) {
            talk.say("EHLO client");
            assertThat(talk.say("MAIL FROM:<" + "a".repeat(11_000) + "@corp.example>"))
                    .startsWith("501 5.1.7");
            assertThat(talk.say("MAIL FROM:<" + "\"a\".".repeat(150) + "x@corp.example>"))
                    .startsWith("501 5.1.7");
        }
    }

    @Test
    void revokingATokenEndsTheRightsOfAnOpenSession() throws Exception {
        try (Talk talk = begin("logOn='true'", TLS + "<map port='Whole'/>")) {
            String secret = feed.token("billing", "submitter");
            talk.say("EHLO client");
            talk.say("STARTTLS");
            Talk secure = secured(talk);
            secure.say("EHLO client");
            assertThat(secure.say("AUTH PLAIN " + plain("billing", secret))).startsWith("235");
            assertThat(secure.handIn("a@corp.example", List.of("b@customer.example"), MAIL))
                    .startsWith("250 ");
            feed.revoke("billing");
            secure.say("MAIL FROM:<a@corp.example>");
            assertThat(secure.say("RCPT TO:<b@customer.example>")).startsWith("550 5.7.1 This user may not submit");
        }
    }

    @Test
    void stopsAlthoughATlsClientReadsNothing() throws Exception {
        try (Talk talk = begin("", TLS + "<map port='Whole'/>")) {
            talk.say("EHLO client");
            talk.say("STARTTLS");
            Talk secure = secured(talk);
            Thread writer = new Thread(() -> {
                try {
                    while (true) {
                        secure.send("EHLO client\r\n".repeat(50)
                                + "MAIL FROM:<a@corp.example>\r\nRCPT TO:<b@customer.example>\r\n");
                    }
                } catch (java.io.IOException e) {
                    // The server hung up.
                }
            });
            writer.start();
            writer.join(3_000);
            long began = System.nanoTime();
            feed.process.close();
            assertThat(java.time.Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(java.time.Duration.ofSeconds(60));
            writer.join(10_000);
            assertThat(writer.isAlive()).isFalse();
        }
    }

    @Test
    void requiresASubscribingPortThatMaySendToTheRecipient() throws Exception {
        try (Talk talk = begin(
                "",
                "<map/>",
                "<sendPort name='Subscribes' host='H'><dynamic domains='customer.example'/><mail from='a@corp.example'"
                        + " passThroughHeaders='true'/><subscribe><all><match property='SMTP.EnvelopeFrom'"
                        + " equals='a@corp.example'/></all></subscribe></sendPort>")) {
            talk.say("EHLO client");
            talk.say("MAIL FROM:<a@corp.example>");
            assertThat(talk.say("RCPT TO:<x@elsewhere.example>")).startsWith("550 5.7.1 No subscribing port");
            talk.say("RSET");
            assertThat(talk.handIn("a@corp.example", List.of("b@customer.example"), MAIL))
                    .startsWith("250 ");
            assertThat(feed.messages().get(0).port()).isEqualTo("Subscribes");
        }
    }

    @Test
    void reportsAnOccupiedTcpPortAndListensOnceItIsFree() throws Exception {
        int port = io.sendport.testing.FreePort.find();
        java.net.ServerSocket other = new java.net.ServerSocket(port, 1, java.net.InetAddress.getLoopbackAddress());
        String content = """
                <host name='H'><submission port='%d'><map port='D'/></submission><auditRelay embedded='true'/></host>
                <sendPort name='D' host='H'><dynamic domains='*'/><mail from='a@corp.example'/></sendPort>
                """.formatted(port);
        try (RunningHost host = RunningHost.start(folder, content)) {
            io.sendport.testing.Patience.until(
                    "the condition", () -> host.process().operations().status().now().conditions().stream()
                            .anyMatch(each -> each.sentence().contains("cannot listen at 127.0.0.1:" + port)));
            other.close();
            io.sendport.testing.Patience.until("the feed", () -> {
                try (Talk talk = new Talk(new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port))) {
                    return talk.answer().startsWith("220 ");
                } catch (java.io.IOException e) {
                    return false;
                }
            });
            io.sendport.testing.Patience.until(
                    "the end of the condition", () -> host.process().operations().status().now().conditions().stream()
                            .noneMatch(each -> each.sentence().contains("cannot listen")));
        }
    }
}
