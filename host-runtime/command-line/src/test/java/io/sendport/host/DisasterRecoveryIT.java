package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.testing.Deep;
import io.sendport.testing.DocumentedCommands;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.Skipped;
import io.sendport.testing.Tool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/disaster-recovery.md step by step: one machine is lost after its backup, another goes on with what the page says to copy. */
@Timeout(300)
@InTurn
class DisasterRecoveryIT {

    private static final Path PAGE = Path.of("../../docs/disaster-recovery.md");

    @TempDir
    private Path lost;

    @TempDir
    private Path fresh;

    private static Installed.Result asThePageSays(Path machine, String start, String... more) throws Exception {
        List<String> command = new ArrayList<>(DocumentedCommands.of(Files.readString(PAGE), start, "", ""));
        command.addAll(List.of(more));
        return Installed.sendport(machine, command.toArray(String[]::new));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : files.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                Files.createDirectories(target.getParent());
                if (Files.isRegularFile(each)) {
                    Files.copy(each, target);
                }
            }
        }
    }

    @Test
    void restoresOnAnotherMachineFromTheFilesThatBackupLists() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            Files.writeString(lost.resolve("m.txt"), "hello");
            Files.writeString(lost.resolve("sendport.xml"), """
                    <sendport xmlns='urn:sendport:config:1'>
                    <messageBox url='jdbc:sqlite:var/sendport.db'/>
                    <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/><mail from='a@corp.example' to='b@customer.example'/>
                      <audit recipients='hashed'/></host>
                    <sendPort name='P' host='H'/><sendPort name='Waits' host='H' initialState='stopped'/></sendport>""".formatted(server.port()));
            Process run = Installed.run(lost, "", "sendport.xml");
            try {
                assertThat(Installed.sendport(
                                        lost, "submit", "-c", "sendport.xml", "--port", "P", "--wait", "1m", "m.txt")
                                .status())
                        .isZero();
                assertThat(Installed.sendport(lost, "submit", "-c", "sendport.xml", "--port", "Waits", "m.txt")
                                .status())
                        .isZero();
                Files.createDirectory(lost.resolve("backup"));
                Installed.Result backup = asThePageSays(lost, "store backup -c");
                assertThat(backup.status()).as(backup.err()).isZero();
                copy(lost.resolve("backup"), fresh.resolve("backup"));
                Files.copy(lost.resolve("sendport.xml"), fresh.resolve("sendport.xml"));
                Matcher named =
                        Pattern.compile("^  (\\S+)   ", Pattern.MULTILINE).matcher(backup.out());
                int copied = 0;
                while (named.find()) {
                    Path file = Path.of(named.group(1));
                    copy(
                            file,
                            fresh.resolve(lost.toRealPath()
                                    .relativize(file.toRealPath())
                                    .toString()));
                    copied++;
                }
                assertThat(copied).as(backup.out()).isGreaterThanOrEqualTo(3);
            } finally {
                run.destroyForcibly();
                Patience.untilEnd(run);
            }
            Installed.Result restored = asThePageSays(fresh, "store restore");
            assertThat(restored.status()).as(restored.out() + restored.err()).isZero();
            Installed.Result verified = asThePageSays(fresh, "audit verify");
            assertThat(verified.status()).as(verified.out() + verified.err()).isEqualTo(1);
            Matcher id = Pattern.compile("--accept (\\S+)").matcher(verified.out() + verified.err());
            assertThat(id.find()).as(verified.out()).isTrue();
            Installed.Result accepted =
                    asThePageSays(fresh, "audit verify", "--accept", id.group(1).replaceAll("[`.,;)]+$", ""));
            assertThat(accepted.status()).as(accepted.out() + accepted.err()).isZero();
            assertThat(asThePageSays(fresh, "messages list").out()).contains("Waits");
            Files.writeString(fresh.resolve("m.txt"), "hello");
            Process again = Installed.run(fresh, "", "sendport.xml");
            try {
                assertThat(Installed.sendport(
                                        fresh, "submit", "-c", "sendport.xml", "--port", "P", "--wait", "1m", "m.txt")
                                .status())
                        .isZero();
                assertThat(server.mails()).hasSize(2);
            } finally {
                again.destroyForcibly();
                Patience.untilEnd(again);
            }
        }
    }

    /** The page's own line that begins so, with PostgreSQL's tools. */
    private static void shell(Path folder, KillablePostgres server, String start) throws Exception {
        Matcher line = Pattern.compile("(?m)^    (" + start + ".*)$").matcher(Files.readString(PAGE));
        assertThat(line.find()).as(start).isTrue();
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", line.group(1))
                .directory(folder.toFile())
                .inheritIO();
        URI address = URI.create(server.url().substring("jdbc:".length()));
        builder.environment().put("PGHOST", address.getHost());
        builder.environment().put("PGPORT", Integer.toString(address.getPort()));
        builder.environment().put("PGUSER", "postgres");
        builder.environment().put("PGPASSWORD", "postgres");
        Process process = builder.start();
        Patience.untilEnd(process);
        assertThat(process.exitValue()).as(line.group(1)).isZero();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(each);
            }
        }
    }

    private static void write(Path machine, KillablePostgres server, ScriptedServer relay) throws IOException {
        Files.writeString(machine.resolve("m.txt"), "hello");
        Files.writeString(machine.resolve("sendport.xml"), """
                <sendport xmlns='urn:sendport:config:1'>
                <messageBox url='%s' user='postgres' password='postgres' lease='PT5S'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/><mail from='a@corp.example' to='b@customer.example'/></host>
                <sendPort name='P' host='H'/><sendPort name='Waits' host='H' initialState='stopped'/></sendport>""".formatted(
                        server.url().replace("/postgres", "/sendport"), relay.port()));
    }

    private static void submit(Path machine, String port, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of("submit", "-c", "sendport.xml", "--port", port, "m.txt"));
        command.addAll(List.of(more));
        Installed.Result result = Installed.sendport(machine, command.toArray(String[]::new));
        assertThat(result.status()).as(result.err()).isZero();
    }

    /** On an intact machine, its notes show what is missing. On a new one, with copies made with the dump, only the other server does. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void restoresADatabaseDumpAndReportsTheLoss(boolean isMachineIntact) throws Exception {
        assumeTrue(Deep.isOn(), "starts two databases and many processes");
        boolean isThere = Tool.answers("pg_dump", "--version");
        if (!isThere) {
            Skipped.note("disaster recovery with PostgreSQL, since pg_dump is missing");
        }
        assumeTrue(isThere);
        try (ScriptedServer relay = new ScriptedServer();
                KillablePostgres old = new KillablePostgres(lost.resolve("pg"));
                KillablePostgres server = new KillablePostgres(fresh.resolve("pg"))) {
            Files.createDirectories(lost.resolve("backup"));
            shell(lost, old, "createdb");
            write(lost, old, relay);
            Process run = Installed.run(lost, "", "sendport.xml");
            try {
                submit(lost, "Waits");
                shell(lost, old, "pg_dump -");
                shell(lost, old, "pg_dumpall");
                if (!isMachineIntact) {
                    copy(lost.resolve("var"), fresh.resolve("var"));
                    delete(fresh.resolve("var/sendport.last-commit"));
                }
                submit(lost, "P", "--wait", "1m");
            } finally {
                run.destroy();
                Patience.untilEnd(run);
            }
            copy(lost.resolve("backup"), fresh.resolve("backup"));
            if (isMachineIntact) {
                copy(lost.resolve("var"), fresh.resolve("var"));
            }
            write(fresh, server, relay);
            shell(fresh, server, "psql");
            shell(fresh, server, "createdb");
            shell(fresh, server, "pg_restore");
            Process again = Installed.run(fresh, "", "sendport.xml");
            try {
                ShownConditions shown = new ShownConditions(fresh);
                shown.await("the loss", severities -> severities.containsKey("storeLost"));
                Installed.Result accepted = asThePageSays(fresh, "store accept-loss");
                assertThat(accepted.status())
                        .as(accepted.out() + accepted.err())
                        .isZero();
                shown.await("it goes on", severities -> !severities.containsKey("storeLost"));
                submit(fresh, "P", "--wait", "1m");
                assertThat(relay.mails()).hasSize(2);
            } finally {
                again.destroy();
                Patience.untilEnd(again);
            }
            Installed.Result verified = asThePageSays(fresh, "audit verify");
            assertThat(verified.status()).as(verified.out() + verified.err()).isEqualTo(1);
            assertThat(verified.out() + verified.err()).contains("lost").contains("--accept");
        }
    }
}
