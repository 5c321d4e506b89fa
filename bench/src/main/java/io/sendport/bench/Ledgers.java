package io.sendport.bench;

import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.MessageId;
import io.sendport.config.Configuration;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.reconcile.Archive;
import io.sendport.host.ledger.reconcile.Reconciliation;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.store.commit.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What the ledger costs to prove, to search and to reconcile: fills one with records as sends make them, three a message, and an mbox
 * with what the relay keeps of them; then verifies it, looks for recipients, and holds one against the other.
 *
 * <p>{@code java -Xmx512m -cp 'bench/target/classes:bench/target/lib/*' io.sendport.bench.Ledgers RECORDS}, or {@code search CONFIGURATION} to search once more in what an earlier run filled.
 */
public final class Ledgers {

    /** In one transaction, as a busy host commits them. */
    private static final int MESSAGES_AT_ONCE = 20;

    private static final int PEOPLE = 200_000;
    private static final int SEARCHES = 200;

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2) {
            try (MessageBox box = MessageBox.open(
                    configuration(Path.of(arguments[1])).messageBox(), Access.READ, Clock.systemUTC())) {
                search(box);
            }
            return;
        }
        int records = Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("ledgers");
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'><host name='H'><auditRelay host='127.0.0.1' port='9' tls='none' auth='none'/>"
                        + "</host><sendPort name='Invoices' host='H'><mail from='a@corp.example' to='b@corp.example'/></sendPort></sendport>");
        Configuration configuration = configuration(file);
        try (MessageBox box = MessageBox.open(configuration.messageBox(), Access.CREATE, Clock.systemUTC())) {
            long started = System.nanoTime();
            Path mbox = folder.resolve("archive.mbox");
            try (Writer archive = Files.newBufferedWriter(mbox)) {
                fill(box, records, archive);
            }
            System.out.printf("filled %,d records in %.0f s%n", records, seconds(started));
            started = System.nanoTime();
            box.ledger().index();
            System.out.printf("indexed the rest in %.1f s%n", seconds(started));
            verify(box, configuration, records);
            search(box);
            reconcile(box, mbox);
        }
        System.out.printf(
                "%,d MB on disk, %s%n", Files.size(configuration.messageBox().place()) >> 20, folder);
    }

    private static Configuration configuration(Path file) {
        return new ConfigurationReader(new CamelPlaceholders())
                .read(file)
                .configuration()
                .orElseThrow();
    }

    private static void fill(MessageBox box, int records, Writer mbox) {
        Random random = new Random(1);
        for (int done = 0; done < records; done += 3 * MESSAGES_AT_ONCE) {
            int messages = Math.min(MESSAGES_AT_ONCE, (records - done) / 3);
            box.store().change(transaction -> {
                for (int i = 0; i < messages; i++) {
                    try {
                        for (Entry each : entries(random, mbox)) {
                            box.ledger().append(transaction, each);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
        }
    }

    /** What the relay keeps of a message, as it goes into an mbox; its lines end with LF there. */
    private static String mail(MessageId id, MailAddress to) {
        return "Date: Sun, 22 Nov 2026 09:14:03 +0000\nFrom: billing@corp.example\nTo: " + to
                + "\nSubject: Invoice\nMessage-ID: <" + id + "@corp.example>\nMIME-Version: 1.0\n"
                + "Content-Type: text/plain\n\n" + ("x".repeat(76) + "\n").repeat(10);
    }

    private static String sha256(String mail) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(mail.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void reconcile(MessageBox box, Path mbox) throws IOException {
        long started = System.nanoTime();
        Reconciliation.Summary summary =
                new Reconciliation(box.ledger(), Archive.at(mbox), each -> true, false).run(each -> {});
        System.out.printf(
                "reconciled %,d mails (%,d MB) in %.0f s: %,.0f a second, differences %s%n",
                summary.both(),
                Files.size(mbox) / 1_000_000,
                seconds(started),
                summary.both() / seconds(started),
                summary.differences());
    }

    private static List<Entry> entries(Random random, Writer mbox) throws IOException {
        MessageId id = MessageId.random();
        MailAddress to = MailAddress.parse("person" + random.nextInt(PEOPLE) + "@customer.example");
        String mail = mail(id, to);
        mbox.write("From billing@corp.example Sun Nov 22 09:14:03 2026\n" + mail + "\n");
        String print = sha256(mail);
        String mimeMessageId = "<" + id + "@corp.example>";
        DeliveryResult result = DeliveryResult.of(List.of(new RecipientResult(
                        to,
                        Outcome.ACCEPTED,
                        Handover.HANDED_OVER,
                        "250 2.0.0 Ok: queued as 4F1A2B3C4D",
                        Facts.of(Facts.PHASE, "FINAL_REPLY"))))
                .from("relay.corp.example:587")
                .with(Facts.of("tls", "TLSv1.3 TLS_AES_256_GCM_SHA384 " + "ab".repeat(32))
                        .with("auth", "ntlm")
                        .with("queueId", "4F1A2B3C4D"))
                .took(Duration.ofMillis(5));
        return List.of(
                Entry.of(Kind.SUBMITTED)
                        .about(id, "Invoices", 1)
                        .header("host", "H")
                        .header("size", 4_096L)
                        .detail("actor", "svc@host")
                        .detail("properties", Map.of("InvoiceNumber", Integer.toString(random.nextInt(10_000_000)))),
                Entry.of(Kind.ATTEMPT_STARTED)
                        .by("H", "H@host-4711-ab12")
                        .about(id, "Invoices", 2)
                        .header("delivery", 1)
                        .header("attempt", 1)
                        .header("sha256", print)
                        .header("size", 5_600L)
                        .detail("sender", "billing@corp.example")
                        .detail("subject", "Invoice 4711")
                        .detail("mimeMessageId", mimeMessageId)
                        .recipients(List.of(to)),
                Entry.of(Kind.ACCEPTED)
                        .by("H", "H@host-4711-ab12")
                        .about(id, "Invoices", 3)
                        .header("delivery", 1)
                        .header("attempt", 1)
                        .header("sha256", print)
                        .header("size", 5_600L)
                        .detail("mimeMessageId", mimeMessageId)
                        .detail("next", "done")
                        .result(result));
    }

    private static void verify(MessageBox box, Configuration configuration, int records) {
        for (int round = 1; round <= (records > 5_000_000 ? 1 : 3); round++) {
            long cpu = cpu();
            long started = System.nanoTime();
            Verification.Finding finding = new Verification(
                            box.store(),
                            Checkpoints.of(
                                    configuration.messageBox().place(), Optional.of(configuration.auditLedger())))
                    .run();
            double seconds = seconds(started);
            System.out.printf(
                    "verified %,d in %.1f s: %,.0f a second, %,.0f a second of processor time; fault %s%n",
                    finding.records(), seconds, records / seconds, records / ((cpu() - cpu) / 1e9), finding.fault());
        }
    }

    /** By recipients that nobody chose, then by the messages that these searches found, then by the properties of those. */
    private static void search(MessageBox box) {
        Random random = new Random(2);
        List<AuditRecord> some = search(
                box,
                "recipient",
                Stream.generate(() -> AuditFilter.ofRecipient("person" + random.nextInt(PEOPLE) + "@customer.example"))
                        .limit(SEARCHES)
                        .toList());
        List<AuditRecord> submitted = search(
                box,
                "message",
                some.stream()
                        .limit(SEARCHES)
                        .map(each -> AuditFilter.ofMessage(each.header("message")))
                        .toList());
        search(
                box,
                "property",
                submitted.stream()
                        .filter(each -> each.header("kind").equals(Kind.SUBMITTED.name()))
                        .map(each -> ofInvoice(
                                String.valueOf(((Map<?, ?>) each.secret().get("properties")).get("InvoiceNumber"))))
                        .toList());
    }

    private static AuditFilter ofInvoice(String number) {
        return new AuditFilter(
                Map.of(),
                List.of(),
                List.of(),
                Map.of("InvoiceNumber", number),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    private static List<AuditRecord> search(MessageBox box, String by, List<AuditFilter> filters) {
        List<Long> nanos = new ArrayList<>();
        List<AuditRecord> found = new ArrayList<>();
        for (AuditFilter filter : filters) {
            long started = System.nanoTime();
            box.ledger().read(filter, found::add);
            nanos.add(System.nanoTime() - started);
        }
        Collections.sort(nanos);
        System.out.printf(
                "%d searches by %s, %d records found: median %.1f ms, 99 %% %.1f ms, worst %.1f ms%n",
                nanos.size(),
                by,
                found.size(),
                nanos.get(nanos.size() / 2) / 1e6,
                nanos.get(nanos.size() * 99 / 100) / 1e6,
                nanos.get(nanos.size() - 1) / 1e6);
        return found;
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static double seconds(long started) {
        return (System.nanoTime() - started) / 1e9;
    }
}
