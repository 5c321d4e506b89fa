package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageState;
import io.sendport.host.ledger.reconcile.Archive;
import io.sendport.host.ledger.reconcile.Difference;
import io.sendport.host.ledger.reconcile.Reconciliation;
import io.sendport.testing.FreePort;
import io.sendport.testing.NobodysPort;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Postfix as audit relay, configured as docs/audit-relay.md says; where it is installed, for root. */
@Timeout(600)
class PostfixRelayIT {

    private static final int MESSAGES = 25;

    @TempDir
    private Path folder;

    @Test
    void archivesTheBytesOfTheLedgerWhenTheFirstRelayIsDown() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/postfix"))
                        && "root".equals(System.getProperty("user.name"))
                        && Files.isReadable(Path.of("/etc/postfix/master.cf")),
                "an installed Postfix, and root");
        int port = FreePort.find();
        Path conf = configure(port);
        postfix(conf, "start");
        try (NobodysPort nobody = new NobodysPort();
                RunningHost host = RunningHost.start(folder, """
                <host name="Mail">
                  <auditRelay host="127.0.0.1" port="%d" tls="none" auth="none"/>
                  <auditRelay host="127.0.0.1" port="%d" tls="none" auth="none"/>
                </host>
                <sendPort name="P" host="Mail">
                  <mail from="billing@corp.example" to="accounts@customer.example, b@customer.example" subject="Grüße"/>
                </sendPort>
                """.formatted(nobody.number(), port))) {
            Patience.until("Postfix", () -> listens(port));
            List<MessageId> ids = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                ids.add(host.submit("P", Body.of("From here on\n.\n..\nmail " + i + "\n", StandardCharsets.UTF_8)));
            }
            for (MessageId id : ids) {
                assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            }
            Path maildir = folder.resolve("mail/archive/Maildir");
            Patience.until(MESSAGES + " mails in the archive", () -> files(maildir) >= MESSAGES);
            assertThat(reconcile(host, maildir).both()).isEqualTo(MESSAGES);
            assertThat(reconcile(host, maildir).differences()).isEmpty();
            Reconciliation.Summary log = reconcile(host, folder.resolve("mail.log"));
            assertThat(log.both()).isEqualTo(MESSAGES);
            assertThat(log.differences()).isEmpty();
            Path first;
            try (Stream<Path> files = Files.list(maildir.resolve("new"))) {
                first = files.findFirst().orElseThrow();
            }
            Files.delete(first);
            assertThat(reconcile(host, maildir).count(Difference.Kind.LEDGER_ONLY))
                    .isEqualTo(1);
        } finally {
            postfix(conf, "stop");
        }
    }

    private static Reconciliation.Summary reconcile(RunningHost host, Path archive) throws IOException {
        return new Reconciliation(host.process().box().ledger(), Archive.at(archive), each -> true, false)
                .run(each -> {});
    }

    /** The lines of the documentation, in folders of the test. */
    private Path configure(int port) throws Exception {
        String docs = Files.readString(Path.of("../../docs/audit-relay.md"));
        Matcher lines = Pattern.compile("```postfix\n(.*?)```", Pattern.DOTALL).matcher(docs);
        assertThat(lines.find()).as("the configuration in the docs").isTrue();
        Path conf = Files.createDirectories(folder.resolve("conf"));
        for (String each : List.of("queue", "data", "mail")) {
            Files.createDirectories(folder.resolve(each));
        }
        run("chmod", "755", folder.toString());
        run("chown", "postfix", folder.resolve("data").toString());
        run("chown", "nobody", folder.resolve("mail").toString());
        Files.writeString(
                conf.resolve("main.cf"),
                lines.group(1).replace("/var/mail", folder.resolve("mail").toString()) + """
                        queue_directory = %1$s/queue
                        data_directory = %1$s/data
                        maillog_file = %1$s/mail.log
                        maillog_file_prefixes = %1$s
                        inet_interfaces = 127.0.0.1
                        default_transport = discard:
                        """.formatted(folder));
        Files.writeString(
                conf.resolve("master.cf"),
                Files.readString(Path.of("/etc/postfix/master.cf")).replaceFirst("(?m)^smtp +inet", port + " inet"));
        return conf;
    }

    private static void postfix(Path conf, String verb) throws Exception {
        run("postfix", "-c", conf.toString(), verb);
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Patience.untilEnd(process);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static long files(Path maildir) throws IOException {
        if (!Files.isDirectory(maildir.resolve("new"))) {
            return 0;
        }
        try (Stream<Path> files = Files.list(maildir.resolve("new"))) {
            return files.count();
        }
    }
}
