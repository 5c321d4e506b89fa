package io.sendport.cli.demo;

import io.sendport.api.component.MailOpener;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.settings.ByteSize;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.FileParts;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.Version;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.Sendport;
import io.sendport.host.box.MessageState;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.VerificationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
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

/** {@code sendport demo}: sends a sample invoice, with everything on this machine. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Sends a signed and encrypted invoice through a host instance and an audit relay, and shows what happened.",
        footer = {
            "",
            "Needs no network and no configuration. Keeps its folder, so that you can inspect and change the files.",
            "",
            "Example:",
            "  sendport demo",
            "  sendport demo --console"
        })
public final class DemoCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Option(names = "--keep", description = "Keep running until Ctrl-C, so that you can submit more messages.")
    private boolean keep;

    @Option(
            names = "--console",
            description = {
                "Keep running, with sample messages in several states, and print a link to the web console.",
                "Press Enter for another link, Ctrl-C to stop."
            })
    private boolean withConsole;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (!withConsole) {
            return run(DemoFolder.make(), out);
        }
        try (ForgetfulRelay relay = new ForgetfulRelay()) {
            return run(DemoFolder.withProblemPorts(relay.port()), out);
        }
    }

    private int run(DemoFolder folder, PrintWriter out) throws Exception {
        Path config = folder.config();
        out.println("Sendport " + Version.number() + ": a host instance, "
                + (withConsole
                        ? "send ports that fail on purpose, so that the console has problems to show, "
                        : "one send port, ")
                + "an audit relay, all in " + folder.path());
        out.flush();
        try (Sendport sendport =
                Sendport.configuredBy(config).plugins(CommonOptions.plugins()).start()) {
            MessageId id = submitted(sendport, folder, out);
            boolean good = show(sendport.operations(), id, folder, out);
            out.println("next       sendport messages explain " + id.brief() + " -c " + config
                    + "     (you can change its " + Files.readAllLines(config).size() + " lines)");
            out.flush();
            if (withConsole) {
                try (DemoConsole console = new DemoConsole(
                        sendport, () -> new ConfigurationReader(new CamelPlaceholders()).read(config))) {
                    console.fill();
                    console.stay(out);
                }
            }
            if (keep) {
                TimeUnit.DAYS.sleep(1);
            }
            return good ? ExitStatus.DONE : ExitStatus.WRONG;
        }
    }

    private static MessageId submitted(Sendport sendport, DemoFolder folder, PrintWriter out) throws IOException {
        long began = System.nanoTime();
        Part part = FileParts.of(folder.invoice(), "body", "application/xml", "invoice.xml");
        Receipt receipt = sendport.submitter()
                .submit(new Submission("Invoices", Context.empty(), List.of(part), Optional.empty(), "demo"));
        out.println("submitted  invoice.xml, " + ByteSize.format(Files.size(folder.invoice())) + ", as message "
                + receipt.id().brief() + ": on disk in " + millisSince(began) + " ms");
        return receipt.id();
    }

    private static boolean show(Operations operations, MessageId id, DemoFolder folder, PrintWriter out)
            throws Exception {
        byte[] invoice = Files.readAllBytes(folder.invoice());
        MessageView message = operations.submissions().await(id, TIMEOUT);
        if (message.state() != MessageState.DONE) {
            out.println("not sent   the message is " + message.state().word() + ": "
                    + message.lastError().orElse("no attempt was made"));
            return false;
        }
        DemoStory story = new DemoStory(operations.messages().story(id.value()));
        out.println("pipeline   " + story.pipeline());
        out.println("sent       to the audit relay at " + story.relay() + " in " + story.attemptMillis() + " ms, \""
                + story.reply() + "\"");
        boolean received = received(folder, story, invoice, out);
        out.println("readable   in transit by anyone: From, To, Subject \"" + story.subject()
                + "\", Date. Body and attachment: only by the customer");
        List<String> kinds = new ArrayList<>();
        operations.audit().search(AuditFilter.all(), Optional.empty(), each -> kinds.add(entry(each)));
        VerificationReport verified = operations.audit().verify(List.of(), Set.of(), held -> {});
        out.println("ledger     " + String.join("  ", kinds) + ": "
                + verified.fault().map(fault -> "NOT verified, " + fault).orElse("verified, nothing missing"));
        return received && verified.fault().isEmpty();
    }

    private static String entry(AuditRecord each) {
        return each.seq() + " " + each.header("kind");
    }

    /** Opens the mail in the relay's archive with the customer's key. */
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
