package io.sendport.host.ledger.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconciliationTest {

    private static final String TRACE = "Return-Path: <a@corp.example>\r\nDelivered-To: archive@relay\r\n"
            + "Received: from host (localhost [127.0.0.1])\r\n\tby relay with ESMTP id 4F1;\r\n\tSun, 22 Nov 2026\r\n";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final List<String> mails = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();

    /** Five mails that the relay took. */
    @BeforeEach
    void send() throws Exception {
        try (MessageBox box = TestBox.open(folder, clock)) {
            for (int i = 0; i < 5; i++) {
                send(box, i, Outcome.ACCEPTED);
            }
        }
    }

    private void send(MessageBox box, int number, Outcome outcome) throws Exception {
        TestBox.submit(box, clock, "P");
        MessageRow row = box.claims().claim("P", "i", 1).get(0);
        String mail = "Date: Sun, 22 Nov 2026 01:00:00 +0000\r\nMessage-ID: <" + row.id() + "@corp.example>\r\n"
                + "Subject: mail " + number + "\r\n\r\nFrom here on\r\n.dots\r\n>From there\r\n\r\nlast\r\n";
        mails.add(mail);
        Delivery delivery = new Delivery(
                row.id(),
                1,
                Optional.empty(),
                List.of(MailAddress.parse("a@customer.example")),
                Handling.USUAL,
                Body.of(mail, StandardCharsets.US_ASCII),
                Transparency.SEVEN_BIT,
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256").digest(mail.getBytes(StandardCharsets.US_ASCII))),
                "<" + row.id() + "@corp.example>");
        TestBox.attempt(box, clock, row, delivery, outcome);
    }

    private Reconciliation.Summary reconcile(Path archive) throws Exception {
        differences.clear();
        try (MessageBox box = TestBox.open(folder, clock)) {
            return new Reconciliation(box.ledger(), Archive.at(archive), each -> true, false).run(differences::add);
        }
    }

    /** As a relay files it in a Maildir: trace fields before it, line ends of Unix. */
    private Path maildir(List<String> kept) throws Exception {
        Path maildir = folder.resolve("Maildir");
        for (String part : List.of("new", "cur", "tmp")) {
            Files.createDirectories(maildir.resolve(part));
        }
        Files.writeString(maildir.resolve("tmp/half"), "Message-ID: <half@x>\n\nhalf");
        for (int i = 0; i < kept.size(); i++) {
            Files.writeString(
                    maildir.resolve(i % 2 == 0 ? "new" : "cur").resolve("1." + i + ".relay"),
                    (TRACE + kept.get(i)).replace("\r\n", "\n"));
        }
        return maildir;
    }

    @Test
    void findsNoDifferenceWhenAllMailsMatch() throws Exception {
        assertThat(reconcile(maildir(mails)).both()).isEqualTo(5);
        assertThat(differences).isEmpty();
    }

    @Test
    void findsRemovedAddedAndAlteredMails() throws Exception {
        List<String> kept = new ArrayList<>(mails);
        String altered = kept.get(1).replace("last", "LAST");
        kept.set(1, altered);
        kept.remove(3);
        kept.add("Message-ID: <slipped@in.example>\r\n\r\nsurprise\r\n");
        Reconciliation.Summary summary = reconcile(maildir(kept));
        assertThat(summary.both()).isEqualTo(3);
        assertThat(differences)
                .extracting(Difference::kind)
                .containsExactlyInAnyOrder(
                        Difference.Kind.DIFFERS, Difference.Kind.LEDGER_ONLY, Difference.Kind.ARCHIVE_ONLY);
        assertThat(differences).anySatisfy(each -> {
            assertThat(each.mimeMessageId()).isEqualTo("<slipped@in.example>");
            assertThat(each.kind()).isEqualTo(Difference.Kind.ARCHIVE_ONLY);
        });
    }

    @Test
    void countsCopies() throws Exception {
        List<String> kept = new ArrayList<>(mails);
        kept.add(mails.get(2));
        assertThat(reconcile(maildir(kept)).count(Difference.Kind.ARCHIVE_ONLY)).isEqualTo(1);
    }

    @Test
    void countsMailsInDoubtThatArrived() throws Exception {
        try (MessageBox box = TestBox.open(folder, clock)) {
            send(box, 5, Outcome.IN_DOUBT);
            send(box, 6, Outcome.IN_DOUBT);
        }
        Reconciliation.Summary summary = reconcile(maildir(mails.subList(0, 6)));
        assertThat(differences).isEmpty();
        assertThat(summary.arrived()).isEqualTo(1);
        assertThat(summary.unknown()).isEqualTo(1);
    }

    @Test
    void readsAnMboxThatQuotesFrom() throws Exception {
        Path mbox = folder.resolve("archive.mbox");
        StringBuilder all = new StringBuilder();
        for (String mail : mails) {
            String quoted = mail.replace("\r\n", "\n")
                    .replaceAll("(?m)^From ", ">From ")
                    .replace("\n>From there", "\n>>From there");
            all.append("From a@corp.example Sun Nov 22 01:00:00 2026\n")
                    .append(TRACE.replace("\r\n", "\n"))
                    .append(quoted)
                    .append('\n');
        }
        Files.writeString(mbox, all);
        assertThat(reconcile(mbox).both()).isEqualTo(5);
        assertThat(differences).isEmpty();
    }

    @Test
    void readsALogByQueueId() throws Exception {
        Path log = folder.resolve("mail.log");
        StringBuilder lines = new StringBuilder();
        for (String mail : mails.subList(0, 4)) {
            String id = mail.substring(mail.indexOf("Message-ID: ") + 12, mail.indexOf("\r\nSubject"));
            lines.append("Nov 22 01:00:00 relay postfix/smtpd[7]: ABCDEF1: client=localhost[127.0.0.1]\n")
                    .append("Nov 22 01:00:00 relay postfix/cleanup[8]: ABCDEF1: message-id=")
                    .append(id)
                    .append('\n');
        }
        Files.writeString(log, lines);
        Reconciliation.Summary summary = reconcile(log);
        assertThat(summary.hasBytes()).isFalse();
        assertThat(summary.count(Difference.Kind.LEDGER_ONLY)).isEqualTo(1);
        assertThat(summary.count(Difference.Kind.DIFFERS))
                .as("the ledger has no queue id from this relay's answer")
                .isEqualTo(4);
    }
}
