package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.ServerKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever renews a certificate or a password writes a file and not the configuration: it comes into force all the same, or is refused as a whole. */
@Timeout(300)
@InTurn
class RenewedFilesIT {

    @TempDir
    private Path folder;

    /** As Kubernetes and cert-manager do: the file is a link into a folder that is itself a link, and that one is moved. */
    private void publish(String version, byte[] certificate) throws Exception {
        Path real = Files.createDirectories(folder.resolve("mounted/" + version));
        Files.write(real.resolve("trust.pem"), certificate);
        Path next = Files.createSymbolicLink(folder.resolve("mounted/next"), Path.of(version));
        Files.move(
                next,
                folder.resolve("mounted/data"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    private void submit(String port, int mails, ScriptedServer server) throws Exception {
        Installed.Result result = Installed.sendport(folder, "submit", "-c", "sendport.xml", "--port", port, "m.txt");
        assertThat(result.status()).as(result.err()).isZero();
        Patience.until("mail " + mails, () -> server.mails().size() == mails);
    }

    @Test
    void areLoadedWhenOnlyASymbolicLinkChanges() throws Exception {
        ServerKey first = ServerKey.make(Files.createDirectory(folder.resolve("first")), "ip:127.0.0.1");
        ServerKey second = ServerKey.make(Files.createDirectory(folder.resolve("second")), "ip:127.0.0.1");
        try (ScriptedServer server = new ScriptedServer(second.context(), true);
                ScriptedServer password = new ScriptedServer().offering("250-test\r\n250 AUTH PLAIN")) {
            publish("v1", Files.readAllBytes(first.certificate()));
            Files.createSymbolicLink(folder.resolve("trust.pem"), Path.of("mounted/data/trust.pem"));
            Files.writeString(folder.resolve("password"), "old");
            password.on("AUTH", "535 5.7.8 no");
            Files.writeString(folder.resolve("m.txt"), "hello");
            Files.writeString(folder.resolve("sendport.xml"), """
                    <sendport xmlns='urn:sendport:config:1'>
                    <messageBox url='jdbc:sqlite:var/sendport.db'/>
                    <host name='H'><mail from='a@corp.example' to='b@customer.example'/><retry count='1000' interval='PT1S'/></host>
                    <sendPort name='Trusting' host='H'><smtp host='127.0.0.1' port='%d' tls='implicit' trustStore='trust.pem'/></sendPort>
                    <sendPort name='Password' host='H'><smtp host='127.0.0.1' port='%d' tls='none' allowClearText='true' auth='basic' user='u' password='{{file:password}}'/></sendPort>
                    </sendport>""".formatted(server.port(), password.port()));
            Path log = folder.resolve("run.log");
            Process run = Installed.start(
                    folder, "", folder.resolve("run.out"), log, "run", "--keep-going", "-c", "sendport.xml");
            try {
                Installed.await(log, "ready after");
                assertThat(Installed.sendport(folder, "submit", "-c", "sendport.xml", "--port", "Trusting", "m.txt")
                                .status())
                        .isZero();
                ShownConditions shown = new ShownConditions(folder);
                shown.await("no trust", all -> all.containsKey("relayCertificateRefused Trusting"));
                publish("v2", Files.readAllBytes(second.certificate()));
                Patience.until("the first mail", () -> server.mails().size() == 1);
                assertThat(Installed.read(log))
                        .contains("port Trusting: changed: files")
                        .doesNotContain("port Password: changed");

                publish("v3", "nothing of the kind".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                var status = shown.await("a broken file", all -> all.containsKey("configurationRejected"));
                assertThat(status.toString()).contains("port Trusting keeps its previous files");
                submit("Trusting", 2, server);
                publish("v4", Files.readAllBytes(second.certificate()));
                shown.await("mended", Map::isEmpty);

                assertThat(Installed.sendport(folder, "submit", "-c", "sendport.xml", "--port", "Password", "m.txt")
                                .status())
                        .isZero();
                shown.await("a wrong password", all -> all.containsKey("credentialRefused Password"));
                // An instance sees a pause within half a second, and until then the time of the message's own retry.
                Patience.until(
                        "ports and status name the same time",
                        () -> isTheEndOfThePause(shown.status()
                                .path("conditions")
                                .get(0)
                                .path("until")
                                .asText()));
                password.on("AUTH", "235 ok");
                Files.writeString(folder.resolve("password"), "new");
                Patience.until("its mail", () -> password.mails().size() == 1);
                shown.await("at the end", Map::isEmpty);
            } finally {
                run.destroyForcibly();
                Patience.untilEnd(run);
            }
        }
    }

    /** The list of ports and status name the same time. */
    private boolean isTheEndOfThePause(String until) throws Exception {
        String second = until.substring(0, "2026-11-30T09:00:00".length());
        return Installed.sendport(folder, "ports", "--json", "-c", "sendport.xml")
                        .out()
                        .contains("\"until\":\"" + until + "\"")
                && Installed.sendport(folder, "ports", "-c", "sendport.xml")
                        .out()
                        .contains("credential until " + second);
    }
}
