package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.Skipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package, installed into a root folder of its own with dpkg, where that is installed. */
@Timeout(300)
@InTurn
class DebianPackageIT {

    private static final Path PACKAGE = Path.of("../target/sendport.deb").toAbsolutePath();

    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void makeRoot() throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/dpkg"))) {
            Skipped.note("dpkg is not installed, the Debian package was not installed");
            Assumptions.abort("no dpkg");
        }
        root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(root.resolve("var/lib/dpkg/info"));
        Files.createDirectories(root.resolve("var/lib/dpkg/updates"));
        Files.createFile(root.resolve("var/lib/dpkg/status"));
        Files.createDirectories(root.resolve("etc"));
    }

    private String run(String... command) throws Exception {
        Path said = folder.resolve("said.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        // Administration tools are there, which need not be on the path of the account that runs the tests.
        builder.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
        Process process = builder.start();
        try {
            Patience.untilEnd(process);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Installed.read(said)).isZero();
        return Installed.read(said);
    }

    private String dpkg(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "dpkg",
                "--root=" + root,
                "--force-script-chrootless",
                "--force-not-root",
                "--force-depends",
                "--force-confold",
                "--log=" + folder.resolve("dpkg.log")));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    @Test
    void keepsConfigurationAndDataOnUpgradeAndRemoval() throws Exception {
        dpkg("-i", PACKAGE.toString());
        Path configuration = root.resolve("etc/sendport/sendport.xml");
        Path data = root.resolve("var/lib/sendport");
        assertThat(Files.getPosixFilePermissions(data)).hasSize(3);
        try (ScriptedServer relay = new ScriptedServer()) {
            String edited = Files.readString(configuration)
                    .replace("/var/lib/sendport", data.toString())
                    .replace("mail.corp.example", "127.0.0.1")
                    .replace("port=\"587\" tls=\"required\"", "port=\"" + relay.port() + "\" tls=\"none\"");
            Files.writeString(configuration, edited);
            Installation installed =
                    new Installation(root.resolve("usr/share/sendport/bin/sendport"), java.util.Map.of());
            Path work = Files.createDirectory(folder.resolve("work"));
            Files.writeString(work.resolve("m.txt"), "hello");
            Process host = installed.run(work, "", configuration.toString());
            Installed.Result sent = installed.sendport(
                    work, "submit", "-c", configuration.toString(), "--port", "First", "--wait", "1m", "m.txt");
            host.destroy();
            Patience.untilEnd(host);
            assertThat(sent.status()).as(sent.err()).isZero();
            assertThat(relay.mails()).hasSize(1);

            dpkg("-i", PACKAGE.toString());
            assertThat(configuration).as("after an upgrade").hasContent(edited);
            dpkg("-r", "sendport");
            assertThat(configuration).as("after a removal").hasContent(edited);
            assertThat(root.resolve("usr/share/sendport/lib")).doesNotExist();
            String said = dpkg("-P", "sendport");
            assertThat(configuration).as("after it was purged").doesNotExist();
            assertThat(said).contains("messages and ledger are kept in /var/lib/sendport");
            assertThat(data.resolve("sendport.db")).exists();
        }
    }

    /**
     * As the service manager does it: the host runs while its files are replaced, and is restarted then. {@code -Dsendport.previousPackage}
     * names the package of an earlier version; without it the package replaces itself.
     */
    @Test
    void losesNothingWhenItIsUpgradedUnderLoad() throws Exception {
        dpkg("-i", System.getProperty("sendport.previousPackage", PACKAGE.toString()));
        Path configuration = root.resolve("etc/sendport/sendport.xml");
        try (ScriptedServer relay = new ScriptedServer()) {
            Files.writeString(configuration, """
                    <sendport xmlns='urn:sendport:config:1'>
                    <messageBox url='jdbc:sqlite:%s/sendport.db'/>
                    <host name='Mail'><smtp host='127.0.0.1' port='%d' tls='none'/>
                      <mail from='a@corp.example' to='b@customer.example' subject='Order %%MIME.FileName%%'/></host>
                    <sendPort name='P' host='Mail'/></sendport>""".formatted(root.resolve("var/lib/sendport"), relay.port()));
            Installation installed =
                    new Installation(root.resolve("usr/share/sendport/bin/sendport"), java.util.Map.of());
            Path work = Files.createDirectory(folder.resolve("work"));
            Process host = installed.run(work, "", configuration.toString());
            // A program that starts while its files are replaced may end anyhow, and is started again.
            SteadySubmitter submitter =
                    new SteadySubmitter(work, configuration.toString(), installed, status -> status != 0);
            submitter.awaitMore(5);
            dpkg("-i", PACKAGE.toString());
            assertThat(host.isAlive()).as("runs on its old files").isTrue();
            host.destroy();
            Patience.untilEnd(host);
            assertThat(host.exitValue())
                    .as(Installed.read(work.resolve("run.log")))
                    .isZero();
            host = installed.run(work, "", configuration.toString());
            submitter.awaitMore(5);
            submitter.stop();
            submitter.requireEachOnce(relay);
            host.destroy();
            Patience.untilEnd(host);
            Installed.Result verified = installed.sendport(work, "audit", "verify", "-c", configuration.toString());
            assertThat(verified.status()).as(verified.out() + verified.err()).isZero();
        }
    }

    @Test
    void runsAsAServiceWithFewPrivileges() throws Exception {
        Path unit = Path.of("src/deb/sendport.service").toAbsolutePath();
        assertThat(Files.readString(unit)).contains("User=sendport", "run --drain 60s", "TimeoutStopSec=90s");
        if (!Files.isExecutable(Path.of("/usr/bin/systemd-analyze"))) {
            Skipped.note("systemd-analyze is not installed, the exposure of the service was not looked at");
            Assumptions.abort("no systemd-analyze");
        }
        // In tenths: fails above 1.5.
        run("systemd-analyze", "security", "--offline=true", "--threshold=15", unit.toString());
    }

    @Test
    void itsManualPageNamesEachCommand() throws Exception {
        String page = Files.readString(Path.of("src/deb/sendport.1"));
        String help = Installed.sendport(folder, "--help").out();
        List<String> commands = help.substring(help.indexOf("Commands:"), help.indexOf("First steps:"))
                .lines()
                .filter(line -> line.matches(" {2}[a-z]\\S* .*"))
                .map(line -> line.strip().split(" ")[0])
                .filter(name -> !name.startsWith("generate-"))
                .toList();
        assertThat(commands).hasSizeGreaterThan(15).allSatisfy(name -> assertThat(page)
                .contains(".TP\n.B " + name + "\n"));
    }

    @Test
    void containsTheDistributionAndNoUnexpectedFiles() throws Exception {
        String listed = run("dpkg-deb", "-c", PACKAGE.toString());
        Path home = Installed.SCRIPT.getParent().getParent();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                String name = home.relativize(each).toString();
                if (!name.endsWith(".cmd")) {
                    assertThat(listed).contains(" ./usr/share/sendport/" + name + "\n");
                }
            }
        }
        assertThat(listed.lines().filter(line -> !line.startsWith("d")).map(line -> line.replaceAll(".* \\./", "")))
                .allMatch(name -> name.startsWith("usr/share/sendport/")
                        || List.of(
                                        "usr/bin/sendport",
                                        "etc/sendport/sendport.xml",
                                        "usr/lib/systemd/system/sendport.service",
                                        "usr/lib/sysusers.d/sendport.conf",
                                        "usr/share/doc/sendport/changelog.gz",
                                        "usr/share/doc/sendport/copyright",
                                        "usr/share/man/man1/sendport.1.gz")
                                .contains(name));
    }
}
