package io.sendport.cli;

import io.sendport.api.mail.Mailbox;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.operate.check.Diagnosis;
import io.sendport.host.pipeline.Extensions;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport init}. */
@Command(
        name = "init",
        description = {
            "Writes a first configuration with one host, one send port and comments. Then checks the connection to the server.",
            "Prompts for missing values when run in a terminal. Never overwrites a file."
        },
        footer = {
            "",
            "Exit status 1: the file was written, but it or the server has a problem.",
            "",
            "Examples:",
            "  sendport init",
            "  sendport init --server mail.corp.example:587 --from billing@corp.example --to accounts@customer.example",
            "  sendport init --server mail.corp.example:587 --auth basic --user billing --from ... --to ... --output mail.xml"
        })
final class InitCommand implements Callable<Integer> {

    private static final Pattern SERVER = Pattern.compile("([^:\\s\"'<>&]+)(?::(\\d{1,5}))?");
    private static final int SUBMISSION = 587;
    private static final int IMPLICIT = 465;
    private static final int RELAY = 25;

    /** How to log on. */
    enum Auth {
        NONE,
        BASIC,
        NTLM
    }

    @Option(
            names = "--server",
            paramLabel = "HOST[:PORT]",
            description = "The server to send through. Default port: 587.")
    private @Nullable String server;

    @Option(names = "--from", paramLabel = "ADDRESS", description = "The sender.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "ADDRESS", description = "The recipient.")
    private @Nullable String to;

    @Option(
            names = "--auth",
            paramLabel = "HOW",
            defaultValue = "none",
            description = "How to log on: none, basic or ntlm. Default: ${DEFAULT-VALUE}.")
    private Auth auth = Auth.NONE;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description =
                    "The account. Sendport reads its password from the environment variable RELAY_PASSWORD; it is not written to the file.")
    private @Nullable String user;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            defaultValue = "sendport.xml",
            description = "The file to write. Default: ${DEFAULT-VALUE}.")
    private Path output = Path.of("sendport.xml");

    @Option(names = "--no-doctor", description = "Do not check the server.")
    private boolean noDoctor;

    @SuppressWarnings("UnusedVariable") // picocli reads it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<String> missing = new ArrayList<>();
        String host = valueOrPrompt(server, "--server", "Server to send through (host or host:port): ", missing);
        String sender = valueOrPrompt(from, "--from", "Sender: ", missing);
        String recipient = valueOrPrompt(to, "--to", "Recipient: ", missing);
        if (!missing.isEmpty()) {
            throw new UsageException("cannot prompt without a terminal; specify " + String.join(", ", missing));
        }
        if (auth == Auth.BASIC && user == null) {
            throw new UsageException("--auth basic needs --user");
        }
        Matcher named = SERVER.matcher(host);
        if (!named.matches()) {
            throw new UsageException("\"" + host + "\" is not a server; expected HOST or HOST:PORT");
        }
        requireAddress("--from", sender);
        requireAddress("--to", recipient);
        int port = named.group(2) == null ? SUBMISSION : Integer.parseInt(named.group(2));
        write(content(named.group(1), port, sender, recipient));
        PrintWriter out = spec.commandLine().getOut();
        out.println("written     " + output);
        Reading reading = new ConfigurationReader(new CamelPlaceholders()).read(output);
        reading.problems().forEach(out::println);
        boolean good = reading.configuration().isPresent() && !reading.hasErrors();
        if (good && !noDoctor) {
            good = new Diagnosis(Extensions.of(CommonOptions.plugins()), Optional.empty(), Clock.systemUTC())
                    .checkConfiguration(
                            reading, Optional.empty(), (target, finding) -> DoctorCommand.print(finding, out));
        }
        out.println("next        "
                + (good ? "sendport run -c " : "correct the problems above, then run: sendport doctor -c ") + output);
        return good ? ExitStatus.DONE : ExitStatus.WRONG;
    }

    @SuppressWarnings(
            "SystemConsoleNull") // the start script sets jdk.console=java.base, with which null means no terminal
    private static String valueOrPrompt(@Nullable String given, String option, String question, List<String> missing) {
        if (given != null) {
            return given;
        }
        Console console = System.console();
        String answer = console == null ? null : console.readLine(question);
        if (answer == null || answer.isBlank()) {
            missing.add(option);
            return "";
        }
        return answer.strip();
    }

    private static void requireAddress(String option, String text) {
        try {
            if (Mailbox.parseList(text).size() == 1) {
                return;
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + " \"" + text + "\" is not an address: " + e.getMessage());
        }
        throw new UsageException(option + " \"" + text + "\": expected one address");
    }

    private void write(String content) throws IOException {
        try {
            Files.writeString(output, content, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new UsageException(output + " already exists; choose another file with --output");
        }
    }

    private String content(String host, int port, String sender, String recipient) {
        String tls = port == IMPLICIT ? "implicit" : port == RELAY ? "opportunistic" : "required";
        String account =
                switch (auth) {
                    case NONE -> "";
                    case BASIC ->
                        "\n          auth=\"basic\" user=\"" + escape(String.valueOf(user))
                                + "\" password=\"{{env:RELAY_PASSWORD}}\"";
                    case NTLM ->
                        "\n          auth=\"ntlm\""
                                + (user == null
                                        ? ""
                                        : " user=\"" + escape(user) + "\" password=\"{{env:RELAY_PASSWORD}}\"");
                };
        Path schema = Path.of(System.getProperty("sendport.home", "."), "docs", "sendport.xsd")
                .toAbsolutePath()
                .normalize();
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <!-- An editor that reads the schema completes and explains every element. docs/configuration.md lists them all. -->
                <sendport xmlns="urn:sendport:config:1"
                          xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                          xsi:schemaLocation="urn:sendport:config:1 %s">

                  <!-- The database for messages and the audit ledger. For several machines: jdbc:postgresql://... -->
                  <messageBox url="jdbc:sqlite:var/sendport.db"/>

                  <!-- One process runs a host. The ports of the host send through this server unless they name another one. -->
                  <host name="Mail">
                    <smtp host="%s" port="%d" tls="%s"%s/>
                  </host>

                  <!-- Messages leave through a send port. Submit them with sendport submit, a feed or the API. -->
                  <sendPort name="Outbound" host="Mail">
                    <mail from="%s" to="%s" subject="%%MIME.FileName%%">
                      <body text="The document is attached."/>
                      <attach parts="all"/>
                    </mail>
                    <!-- Retry after 5 minutes, then at longer intervals, for up to one day. -->
                    <retry count="30" interval="PT5M" backoff="2" maxInterval="PT1H" maxAge="P1D"/>
                  </sendPort>
                </sendport>
                """.formatted(schema.toUri(), escape(host), port, tls, account, escape(sender), escape(recipient));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
