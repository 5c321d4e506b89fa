import io.sendport.api.adapter.Channel;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Phase;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.Reply;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.MessageId;
import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Checkpoints;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Verification;
import io.sendport.host.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What the ledger costs to prove and to search: fills one with records as sends make them, three a message, then verifies it and looks
 * for recipients.
 *
 * <p>{@code java -Xmx512m -cp 'host-runtime/target/sendport/lib/*' bench/Ledgers.java RECORDS}
 */
public final class Ledgers {

    private static final int MESSAGES_AT_ONCE = 2_000;
    private static final int PEOPLE = 200_000;

    public static void main(String[] arguments) throws Exception {
        int records = Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("ledgers");
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'><host name='H'><auditRelay host='127.0.0.1' port='9' tls='none' auth='none'/>"
                        + "</host><sendPort name='Invoices' host='H'><mail from='a@corp.example' to='b@corp.example'/></sendPort></sendport>");
        Configuration configuration = new ConfigurationReader(new CamelPlaceholders())
                .read(file)
                .configuration()
                .orElseThrow();
        try (MessageBox box =
                MessageBox.open(configuration.messageBox(), Store.Access.CREATE, Clock.systemUTC())) {
            long started = System.nanoTime();
            fill(box, records);
            System.out.printf("filled %,d records in %.0f s%n", records, seconds(started));
            verify(box, configuration, records);
            search(box);
        }
        System.out.printf("%,d MB on disk, %s%n", Files.size(configuration.messageBox().place()) >> 20, folder);
    }

    private static void fill(MessageBox box, int records) {
        Random random = new Random(1);
        for (int done = 0; done < records; done += 3 * MESSAGES_AT_ONCE) {
            int messages = Math.min(MESSAGES_AT_ONCE, (records - done) / 3);
            box.store().change(transaction -> {
                for (int i = 0; i < messages; i++) {
                    for (Entry each : entries(random)) {
                        box.ledger().append(transaction, each);
                    }
                }
            });
        }
    }

    private static List<Entry> entries(Random random) {
        MessageId id = MessageId.random();
        MailAddress to = MailAddress.parse("person" + random.nextInt(PEOPLE) + "@customer.example");
        String mimeMessageId = "<" + id + "@corp.example>";
        DeliveryResult result = new DeliveryResult(
                List.of(new RecipientResult(
                        to, Outcome.ACCEPTED, Phase.FINAL_REPLY, Reply.of(250, "2.0.0 Ok: queued as 4F1A2B3C4D"))),
                new Channel("relay.corp.example:587", "TLSv1.3 TLS_AES_256_GCM_SHA384 " + "ab".repeat(32), "ntlm"),
                "4F1A2B3C4D",
                Duration.ofMillis(5),
                List.of());
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
                        .header("sha256", "cd".repeat(32))
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
                        .header("sha256", "cd".repeat(32))
                        .header("size", 5_600L)
                        .detail("mimeMessageId", mimeMessageId)
                        .detail("next", "done")
                        .result(result));
    }

    private static void verify(MessageBox box, Configuration configuration, int records) {
        for (int round = 1; round <= 3; round++) {
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
                    finding.records(),
                    seconds,
                    records / seconds,
                    records / ((cpu() - cpu) / 1e9),
                    finding.fault());
        }
    }

    private static void search(MessageBox box) {
        Random random = new Random(2);
        long[] nanos = new long[200];
        int found = 0;
        for (int i = 0; i < nanos.length; i++) {
            AuditFilter filter = new AuditFilter(
                    Map.of(),
                    List.of(),
                    List.of("person" + random.nextInt(PEOPLE) + "@customer.example"),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of());
            int[] count = {0};
            long started = System.nanoTime();
            box.ledger().read(filter, each -> ++count[0] > 0);
            nanos[i] = System.nanoTime() - started;
            found += count[0];
        }
        java.util.Arrays.sort(nanos);
        System.out.printf(
                "%d searches by recipient, %d records found: median %.1f ms, 99 %% %.1f ms, worst %.1f ms%n",
                nanos.length, found, nanos[100] / 1e6, nanos[197] / 1e6, nanos[199] / 1e6);
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
