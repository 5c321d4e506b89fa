package io.sendport.host.cli;

import io.sendport.api.component.MailOpener;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.settings.ByteSize;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationException;
import io.sendport.config.ConfigurationReader;
import io.sendport.config.Reading;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Checkpoints;
import io.sendport.host.ledger.Verification;
import io.sendport.host.process.HostProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport demo}: the main job, with nothing but this machine. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Sends a signed and encrypted invoice through a host instance and an audit relay, and shows what happened.",
        footer = {"", "Needs no network and no configuration. Its folder stays, to be looked at and changed."})
final class DemoCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(names = "--keep", description = "Goes on running until Ctrl-C, for more submits.")
    private boolean keep;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        DemoFolder folder = DemoFolder.make();
        Path config = folder.config();
        out.println("Sendport " + Version.number() + ": a host instance, one send port, an audit relay, all in "
                + folder.path());
        out.flush();
        Reading reading = new ConfigurationReader(new CamelPlaceholders()).read(config);
        Configuration configuration =
                reading.configuration().orElseThrow(() -> new ConfigurationException(reading.problems()));
        if (reading.hasErrors()) {
            throw new ConfigurationException(reading.problems());
        }
        try (HostProcess process = new HostProcess(configuration, Set.of(), Setup.plugins(), Clock.systemUTC())) {
            boolean good = show(process, folder, configuration, out);
            out.println("next       sendport messages explain "
                    + newest(process.box()).id().brief() + " -c " + config + "     (its "
                    + Files.readAllLines(config).size() + " lines are yours to change)");
            out.flush();
            if (keep) {
                TimeUnit.DAYS.sleep(1);
            }
            return good ? ExitStatus.DONE : ExitStatus.WRONG;
        }
    }

    private static MessageRow newest(MessageBox box) {
        return box.queries()
                .list(io.sendport.host.box.MessageFilter.all(), Optional.of(1))
                .get(0);
    }

    private boolean show(HostProcess process, DemoFolder folder, Configuration configuration, PrintWriter out)
            throws Exception {
        byte[] invoice = Files.readAllBytes(folder.invoice());
        long began = System.nanoTime();
        Part part = FileParts.of(folder.invoice(), "body", "application/xml", "invoice.xml");
        Receipt receipt = process.desk()
                .submit(new Submission("Invoices", Context.empty(), List.of(part), Optional.empty(), "demo"));
        out.println("submitted  invoice.xml, " + ByteSize.format(invoice.length) + ", as message "
                + receipt.id().brief() + ": on disk in " + millisSince(began) + " ms");
        MessageRow row = await(process.box(), receipt);
        if (row.state() != MessageState.DONE) {
            out.println("not sent   the message is " + row.state().word() + ": " + row.lastError());
            return false;
        }
        DemoStory story = new DemoStory(process.box(), row);
        out.println("pipeline   " + story.pipeline());
        out.println("sent       to the audit relay at " + story.relay() + " in " + story.attemptMillis() + " ms, \""
                + story.reply() + "\"");
        boolean received = received(folder, story, invoice, out);
        out.println("readable   on the way by anyone: From, To, Subject \"" + story.subject()
                + "\", Date. Body and attachment: only by the customer");
        List<String> kinds = new ArrayList<>();
        process.box().ledger().read(AuditFilter.all(), each -> kinds.add(told(each)));
        Verification.Finding finding = new Verification(
                        process.box().store(),
                        Checkpoints.of(configuration.messageBox().place(), Optional.of(configuration.auditLedger())))
                .run();
        out.println("ledger     " + String.join("  ", kinds) + ": "
                + finding.fault().map(fault -> "NOT verified, " + fault).orElse("verified, nothing missing"));
        return received && finding.fault().isEmpty();
    }

    private static String told(AuditRecord each) {
        return each.seq() + " " + each.header("kind");
    }

    private static MessageRow await(MessageBox box, Receipt receipt) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            MessageRow row = box.queries().byPrefix(receipt.id().value()).get(0);
            if (row.state().isEnd() || row.state() == MessageState.SUSPENDED || System.nanoTime() > deadline) {
                return row;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Looks into the relay's archive with the customer's key. */
    private static boolean received(DemoFolder folder, DemoStory story, byte[] invoice, PrintWriter out)
            throws IOException, java.security.GeneralSecurityException {
        Path mail = folder.path().resolve("relay").resolve(story.queueId() + ".eml");
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(mail)));
        MailOpener opener = ServiceLoader.load(MailOpener.class).findFirst().orElseThrow();
        MailOpener.Opened opened =
                opener.open(mail, folder.customerKey(), folder.secret().revealChars());
        boolean sameMail = digest.equals(story.sha256());
        boolean sameInvoice = opened.files().values().stream().anyMatch(file -> Arrays.equals(file, invoice));
        out.println("received   relay/" + mail.getFileName() + ": " + (sameMail ? "same" : "NOT the same")
                + " SHA-256 as on the ledger; opened with the customer's key: signature "
                + (opened.signer().isEmpty() ? "MISSING" : "good") + ", invoice "
                + (sameInvoice ? "identical" : "NOT identical"));
        return sameMail && sameInvoice && !opened.signer().isEmpty();
    }

    private static long millisSince(long began) {
        return Math.max(1, Duration.ofNanos(System.nanoTime() - began).toMillis());
    }
}
