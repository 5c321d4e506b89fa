package io.sendport.host;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Receipt;
import io.sendport.config.AuditLedgerSettings;
import io.sendport.config.BodyKeySettings;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.port.RetryRule;
import io.sendport.host.box.Attempts;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.NewMessage;
import io.sendport.host.decide.Decision;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.Flyway;

/** A real message box in a folder of a test. */
public final class TestBox {

    private TestBox() {}

    /**
     * Makes the tables of an earlier version in an empty database.
     *
     * @param kind {@code sqlite} or {@code postgresql}
     */
    public static void makeTables(String url, String kind, int version) {
        Flyway.configure()
                .dataSource(url, kind.equals("postgresql") ? "postgres" : "", "")
                .locations("classpath:io/sendport/host/store/migration/" + kind)
                .target(String.valueOf(version))
                .loggers("slf4j")
                .load()
                .migrate();
    }

    public static MessageBoxSettings settings(Path folder) {
        Path file = folder.resolve("sendport.db").toAbsolutePath();
        return new MessageBoxSettings(
                "jdbc:sqlite:" + file,
                Optional.of(file),
                file,
                Optional.empty(),
                Optional.empty(),
                Duration.ofDays(7),
                Duration.ofSeconds(30),
                Duration.ZERO,
                Duration.ofDays(30),
                Duration.ofDays(3650),
                1L << 40,
                0,
                false,
                Optional.empty());
    }

    /** As {@code plain}, with bodies encrypted under the keys of that file. */
    public static MessageBoxSettings encrypted(MessageBoxSettings plain, BodyKeySettings keys) {
        return new MessageBoxSettings(
                plain.url(),
                plain.sqliteFile(),
                plain.place(),
                plain.user(),
                plain.password(),
                plain.dedupeFor(),
                plain.lease(),
                plain.keepBodies(),
                plain.keepMessages(),
                plain.keepAudit(),
                plain.maxBytes(),
                plain.minFree(),
                plain.secureDelete(),
                Optional.of(keys));
    }

    public static MessageBox open(Path folder, SettableClock clock) {
        return open(settings(folder), clock);
    }

    public static MessageBox open(MessageBoxSettings settings, SettableClock clock) {
        return MessageBox.open(settings, Access.CREATE, clock);
    }

    /** An instance that claimed something turns out to be dead. */
    public static void bury(MessageBox box, String instance) {
        if (!box.instances().isKnown(instance)) {
            box.instances().started(instance, "H");
        }
        box.instances().stopped(instance, "H", "found dead");
    }

    public static Receipt submit(MessageBox box, SettableClock clock, String port, Body body, Optional<String> key) {
        try {
            return box.inbox().put(message(clock, port, body, key));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public static NewMessage message(SettableClock clock, String port, Body body, Optional<String> key) {
        return new NewMessage(
                MessageId.random(),
                port,
                "H",
                "",
                clock.instant(),
                Context.empty(),
                List.of(Part.body("text/plain", body)),
                key,
                "test",
                Map.of("InvoiceNumber", "4711"),
                Optional.empty());
    }

    public static Receipt submit(MessageBox box, SettableClock clock, String port) {
        return submit(box, clock, port, Body.of("hello", StandardCharsets.UTF_8), Optional.empty());
    }

    public static Delivery delivery(MessageRow row, String... recipients) {
        return new Delivery(
                row.id(),
                1,
                Optional.empty(),
                Arrays.stream(recipients).map(MailAddress::parse).toList(),
                Handling.USUAL,
                Body.of("mail", StandardCharsets.UTF_8),
                Transparency.SEVEN_BIT,
                "ab".repeat(32),
                "<" + row.id() + "@corp.example>");
    }

    public static int start(MessageBox box, MessageRow row, Delivery delivery, String instance, boolean first)
            throws IOException {
        return box.attempts()
                .start(new Attempts.Start(
                        row, delivery, first ? List.of(delivery) : List.of(), false, instance, Map.of(), "[]", true));
    }

    /** One attempt at {@code delivery}, which ends so. */
    public static void attempt(MessageBox box, SettableClock clock, MessageRow row, Delivery delivery, Outcome outcome)
            throws IOException {
        settle(box, clock, row, delivery, start(box, row, delivery, "i", true), outcome);
    }

    /** The first attempt, number {@code no} of instance {@code i}, ends so. */
    public static void settle(
            MessageBox box, SettableClock clock, MessageRow row, Delivery delivery, int no, Outcome outcome) {
        settle(box, clock, row, delivery, no, outcome, RetryRule.DEFAULT, 1);
    }

    /** As above, by a rule of the test's, after so many {@code tries}. */
    public static void settle(
            MessageBox box,
            SettableClock clock,
            MessageRow row,
            Delivery delivery,
            int no,
            Outcome outcome,
            RetryRule rule,
            int tries) {
        box.attempts()
                .settle(
                        row,
                        delivery,
                        no,
                        "i",
                        result(delivery, outcome),
                        Optional.of(all -> Decision.after(all, rule, tries, row.submittedAt(), clock.instant())));
    }

    /** A message from its submission to the relay's answer. */
    public static void send(MessageBox box, SettableClock clock, String recipient) throws IOException {
        submit(box, clock, "P");
        MessageRow row = box.claims().claim("P", "i", 1).get(0);
        attempt(box, clock, row, delivery(row, recipient), Outcome.ACCEPTED);
    }

    public static DeliveryResult result(Delivery delivery, Outcome outcome) {
        String text =
                switch (outcome) {
                    case ACCEPTED -> "250 2.0.0 Ok: queued as 1";
                    case DEFERRED -> "451 4.3.0 later";
                    case REFUSED -> "550 5.1.1 unknown";
                    case IN_DOUBT -> "closed";
                };
        Handover handover = outcome == Outcome.IN_DOUBT ? Handover.UNKNOWN : Handover.HANDED_OVER;
        Facts facts = Facts.of(Facts.PHASE, "FINAL_REPLY");
        return DeliveryResult.of(delivery.recipients().stream()
                        .map(each -> new RecipientResult(each, outcome, handover, text, facts))
                        .toList())
                .from("relay:25")
                .took(Duration.ofMillis(5));
    }

    /**
     * Ids of messages that the ledger calls so.
     *
     * @param doubtful those that have been in doubt
     * @param accepted those that were accepted
     */
    public record Told(Set<String> doubtful, Set<String> accepted) {}

    public static Told told(MessageBox box) {
        Told told = new Told(new HashSet<>(), new HashSet<>());
        box.ledger().read(AuditFilter.all(), each -> {
            if (each.header("kind").equals("IN_DOUBT")) {
                told.doubtful().add(each.header("message"));
            } else if (each.header("kind").equals("ACCEPTED")) {
                told.accepted().add(each.header("message"));
            }
            return true;
        });
        return told;
    }

    /**
     * What became of messages that did not arrive, a line each. Those that wait for a person are left out, because the process died twice
     * while only they were in a pipeline: a kill from outside looks the same, and they are all there.
     */
    public static List<String> lost(MessageBox box, Set<String> ids) {
        List<String> lost = new ArrayList<>();
        for (String id : ids) {
            List<MessageRow> rows = box.queries().byPrefix(id);
            if (rows.isEmpty()) {
                lost.add(id + " is gone");
            } else if (!isSuspect(rows.get(0))) {
                lost.add(id + " " + rows.get(0).state().word() + ": "
                        + rows.get(0).lastError());
            }
        }
        return lost;
    }

    private static boolean isSuspect(MessageRow row) {
        return row.state() == MessageState.SUSPENDED && row.lastError().startsWith("the process died");
    }

    /** The records that fit. */
    public static List<AuditRecord> search(MessageBox box, AuditFilter filter) {
        List<AuditRecord> found = new ArrayList<>();
        box.ledger().read(filter, found::add);
        return found;
    }

    /** As if the configuration had no {@code <auditLedger>}. */
    public static AuditLedgerSettings ledgerSettings() {
        return new AuditLedgerSettings(
                Duration.ofMinutes(5),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public static Verification.Finding verify(MessageBox box, Path place) {
        return new Verification(box.store(), Checkpoints.of(place, Optional.<AuditLedgerSettings>empty())).run();
    }
}
