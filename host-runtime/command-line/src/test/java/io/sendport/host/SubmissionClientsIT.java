package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.Skipped;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The submission feed with the clients that people have, each where it is installed. */
@Timeout(300)
@InTurn
class SubmissionClientsIT {

    private static final String MAIL = "From: ann@corp.example\nTo: b@customer.example\nSubject: Gr\u00FC\u00DFe\n"
            + "Message-ID: <client@app.example>\n\nHello \u20AC\n.a line with a dot\n";

    @TempDir
    private Path folder;

    private SubmissionInstallation feed;
    private String secret;
    private Path mail;

    @BeforeEach
    void start() throws Exception {
        feed = new SubmissionInstallation(
                folder, "", "<tls keyStore='server.p12' password='secret'/><map port='Whole'/>", "");
        secret = feed.token("app", "submitter");
        mail = Files.writeString(folder.resolve("mail.eml"), MAIL);
    }

    @AfterEach
    void stop() throws Exception {
        feed.close();
    }

    /** Runs it, and requires that the mail arrives. */
    private String sends(String tool, String... arguments) throws Exception {
        Optional<Path> found = Stream.concat(
                        Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin", "/usr/bin"))
                .map(each -> Path.of(each, tool))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            Skipped.note(tool + " is not installed, it was not tried as a client of the submission feed");
            Assumptions.abort("no " + tool);
        }
        List<String> command = new ArrayList<>(List.of(found.get().toString()));
        command.addAll(List.of(arguments));
        Path said = folder.resolve(tool + ".out");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(mail.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            Patience.untilEnd(process);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Installed.read(said)).isZero();
        return feed.mails(1).get(0);
    }

    /** Letters beyond ASCII in a header are encoded on the way (RFC 2047), those of the text stay. */
    private static void requireTheMail(String arrived) {
        assertThat(new String(arrived.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .contains("Message-ID: <client@app.example>", "Subject: =?UTF-8?B?R3LDvMOfZQ==?=")
                .contains("\r\n\r\nHello \u20AC\r\n.a line with a dot\r\n");
    }

    private void curlSends(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-sS", "--crlf", "-T", "mail.eml"));
        arguments.addAll(List.of("--mail-from", "ann@corp.example", "--mail-rcpt", "b@customer.example"));
        arguments.addAll(List.of(more));
        requireTheMail(sends("curl", arguments.toArray(String[]::new)));
    }

    @Test
    void curlSubmitsAMailWithoutLogOn() throws Exception {
        curlSends("--url", "smtp://127.0.0.1:" + feed.port);
    }

    @Test
    void curlLogsOnOverTls() throws Exception {
        curlSends(
                "--url",
                "smtp://localhost:" + feed.port,
                "-4",
                "--ssl-reqd",
                "--cacert",
                SubmissionInstallation.CERTIFICATE,
                "--user",
                "app:" + secret);
        assertThat(feed.messages()).hasSize(1);
    }

    @Test
    void pythonSubmitsAMailOverTls() throws Exception {
        Files.writeString(folder.resolve("send.py"), """
                import email, email.policy, smtplib, ssl, sys
                with smtplib.SMTP("localhost", int(sys.argv[1])) as client:
                    client.starttls(context=ssl.create_default_context(cafile="server.pem"))
                    client.login("app", sys.argv[2])
                    client.send_message(email.message_from_binary_file(open("mail.eml", "rb"), policy=email.policy.SMTP))
                """);
        requireTheMail(sends("python3", "send.py", String.valueOf(feed.port), secret));
    }

    @Test
    void msmtpSubmitsAMailOverTls() throws Exception {
        requireTheMail(sends(
                "msmtp",
                "--host=localhost",
                "--port=" + feed.port,
                "--tls=on",
                "--tls-starttls=on",
                "--tls-trust-file=" + folder.resolve(SubmissionInstallation.CERTIFICATE),
                "--auth=on",
                "--user=app",
                "--passwordeval=echo " + secret,
                "--from=ann@corp.example",
                "b@customer.example"));
    }

    @Test
    void swaksSubmitsAMail() throws Exception {
        requireTheMail(sends(
                "swaks",
                "--server",
                "127.0.0.1:" + feed.port,
                "--pipeline",
                "--from",
                "ann@corp.example",
                "--to",
                "b@customer.example",
                "--data",
                "@mail.eml"));
    }

    @Test
    void smtpSourceSubmitsManyMailsOverSeveralConnections() throws Exception {
        sends(
                "smtp-source",
                "-s",
                "5",
                "-m",
                "200",
                "-l",
                "4096",
                "-d",
                "-f",
                "ann@corp.example",
                "-t",
                "b@customer.example",
                "127.0.0.1:" + feed.port);
        assertThat(feed.mails(200)).hasSize(200);
        assertThat(feed.messages()).hasSize(200);
    }
}
