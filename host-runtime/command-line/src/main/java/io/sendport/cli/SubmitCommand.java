package io.sendport.cli;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.MediaType;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.FileParts;
import io.sendport.cli.option.OptionalDurationConsumer;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.box.control.Actor;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Refusal;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.operate.SubmissionResult;
import io.sendport.host.operate.Times;
import io.sendport.host.operate.check.DryRun;
import io.sendport.host.pipeline.Extensions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sendport submit}. */
@Command(
        name = "submit",
        description = "Submits one message for each FILE. Prints each message id once the message is on disk.",
        footer = {
            "",
            "Examples:",
            "  sendport submit --port Invoices invoice.xml",
            "  sendport submit --port Invoices --set InvoiceNumber=4711 --attach terms.pdf --wait 1m invoice.xml",
            "  generate | sendport submit --port Alerts --name alert.json -",
            "  sendport submit --port Invoices --dry-run invoice.xml      print the mail, store nothing"
        })
final class SubmitCommand implements Callable<Integer> {

    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    @Mixin
    private CommonOptions setup = new CommonOptions();

    @Option(
            names = "--port",
            paramLabel = "NAME",
            description = "The send port or group. Default: every port whose subscription matches.")
    private @Nullable String port;

    @Option(
            names = "--to",
            paramLabel = "MAILTO",
            description = "The recipients, for a dynamic port: mailto:a@b.example?cc=...&subject=...")
    private @Nullable String to;

    @Option(
            names = "--redirect-to",
            paramLabel = "ADDRESS",
            description = "Try the port out: this address gets the mails, and the recipients of the port get nothing.")
    private @Nullable String redirectTo;

    @Option(names = "--set", paramLabel = "N=V", description = "Set a context property; repeatable.")
    private Map<String, String> properties = Map.of();

    @Option(names = "--content-type", paramLabel = "T", description = "The media type of FILE. Default: from its name.")
    private String contentType = "";

    @Option(
            names = "--name",
            paramLabel = "FILENAME",
            description = "The file name to send. Default: the name of FILE.")
    private @Nullable String name;

    @Option(
            names = "--attach",
            paramLabel = "FILE",
            description = "Add this file as another part of the message; repeatable.")
    private List<Path> attach = List.of();

    @Option(
            names = "--dedupe",
            paramLabel = "KEY",
            description = "The dedupe key. A second submit with the same key returns the first id and stores nothing.")
    private @Nullable String dedupe;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            arity = "0..1",
            fallbackValue = "5m",
            parameterConsumer = OptionalDurationConsumer.class,
            description =
                    "Wait until all messages are sent, and print the outcome for each recipient. Exit status 1 if one is not sent."
                            + " Default: 5m.")
    private @Nullable String wait;

    @Option(
            names = "--dry-run",
            description = "Run map, pipeline and assembler, and print the mail. Store and send nothing.")
    private boolean dryRun;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The files to send; - is standard input.")
    private List<String> files = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        String target = port == null ? "" : port;
        if (dryRun && port == null) {
            throw new UsageException("--dry-run needs --port NAME: it prints the mail of one port");
        }
        if (to != null && port != null && setup.routing().hasFixedRecipients(port)) {
            throw new UsageException("port " + port + " has fixed recipients; leave --to out, or name a dynamic port");
        }
        if (redirectTo != null && dryRun) {
            throw new UsageException("--redirect-to has no effect with --dry-run, which sends nothing");
        }
        Optional<MailAddress> only = only();
        if (!contentType.isEmpty() && !MediaType.isWellFormed(contentType)) {
            throw new UsageException("--content-type \"" + contentType
                    + "\" is not a valid media type; use, for example, \"text/plain; charset=utf-8\"");
        }
        if (dedupe != null && files.size() > 1) {
            throw new UsageException("--dedupe with " + files.size()
                    + " files: the second would count as a duplicate of the first; submit them one by one");
        }
        Duration patience = wait == null ? Duration.ZERO : Times.duration(wait);
        Optional<Path> input = files.contains("-") ? Optional.of(standardInput()) : Optional.empty();
        try {
            List<Submission> submissions = new ArrayList<>();
            for (String file : files) {
                submissions.add(submission(target, file, input));
            }
            return dryRun ? dryRun(submissions) : submit(submissions, only, patience);
        } finally {
            if (input.isPresent()) {
                Files.deleteIfExists(input.get());
            }
        }
    }

    private int dryRun(List<Submission> submissions) throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        DryRun dry = new DryRun(setup.read(), Extensions.of(CommonOptions.plugins()), Clock.systemUTC());
        DryRunPrinter shown = new DryRunPrinter(spec.commandLine().getOut(), err);
        int status = ExitStatus.DONE;
        for (Submission each : submissions) {
            try {
                dry.run(each, shown::print);
            } catch (RefusedException e) {
                if (!(e.refusal() instanceof Refusal.Conflict)) {
                    throw e;
                }
                err.println("sendport: " + e.getMessage());
                status = ExitStatus.WRONG;
            }
        }
        return status;
    }

    /** Copies standard input to a file, so that it has a size and can be read again. */
    private Path standardInput() throws IOException {
        Path file = Files.createTempFile("sendport-", ".in");
        try (var out = Files.newOutputStream(file)) {
            System.in.transferTo(out);
        }
        return file;
    }

    private Submission submission(String target, String file, Optional<Path> input) {
        boolean stdin = file.equals("-");
        Path path = stdin ? input.orElseThrow() : Path.of(file);
        String ownName = stdin ? "" : String.valueOf(path.getFileName());
        String shown = name == null ? ownName : name;
        Part body = shown.isEmpty()
                ? Part.body(
                        contentType,
                        FileParts.of(path, "body", contentType, "body").body())
                : FileParts.of(path, "body", contentType, shown);
        List<Part> parts = new ArrayList<>();
        parts.add(body);
        for (Path each : attach) {
            String attached = String.valueOf(each.getFileName());
            parts.add(FileParts.of(each, attached, "", attached));
        }
        Context context = Context.empty();
        for (Map.Entry<String, String> property : properties.entrySet()) {
            context = context.with(property.getKey(), property.getValue());
        }
        if (to != null) {
            context = context.with(MessageProperties.OUTBOUND_LOCATION, to);
        }
        if (!shown.isEmpty() && !properties.containsKey(MessageProperties.FILE_NAME.name())) {
            context = context.with(MessageProperties.FILE_NAME, shown);
        }
        return new Submission(
                target,
                context,
                parts,
                Optional.ofNullable(dedupe),
                Actor.here("").name());
    }

    private Optional<MailAddress> only() {
        try {
            return Optional.ofNullable(redirectTo).map(MailAddress::parse);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--redirect-to: " + e.getMessage());
        }
    }

    private int submit(List<Submission> submissions, Optional<MailAddress> only, Duration patience)
            throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        List<MessageId> ids = new ArrayList<>();
        List<SubmissionResult.NotStored> refused = new ArrayList<>();
        try (Operations operations = setup.creating()) {
            operations.submissions().publishAll(submissions, only, answer -> {
                if (answer instanceof SubmissionResult.NotStored notTaken) {
                    refused.add(notTaken);
                } else if (answer instanceof SubmissionResult.Stored taken) {
                    taken.receipts().forEach(receipt -> {
                        ids.add(receipt.id());
                        out.println(setup.json() ? Json.write(asMap(files.get(taken.place()), receipt)) : receipt.id());
                    });
                }
            });
            if (!refused.isEmpty()) {
                if (ids.isEmpty()) {
                    throw refused.get(0).reason();
                }
                refused.forEach(each -> spec.commandLine()
                        .getErr()
                        .println("sendport: " + files.get(each.place()) + ": "
                                + each.reason().getMessage()));
                return ExitStatus.WRONG;
            }
            return wait == null
                    ? ExitStatus.DONE
                    : new OutcomeWait(operations, setup, out, spec.commandLine().getErr())
                            .run(ids, patience.isZero() ? MAX_WAIT : patience);
        }
    }

    private static Map<String, Object> asMap(String file, Receipt receipt) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", file);
        map.put("id", receipt.id());
        map.put("port", receipt.port());
        map.put("duplicate", receipt.duplicate());
        return map;
    }
}
