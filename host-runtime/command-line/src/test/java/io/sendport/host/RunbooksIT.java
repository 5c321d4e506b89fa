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
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docs/runbooks.md step by step. */
@Timeout(600)
@InTurn
class RunbooksIT {

    private static final Path PAGE = Path.of("../../docs/runbooks.md");

    @TempDir
    private Path machine;

    @TempDir
    private Path other;

    private String page;

    @BeforeEach
    void readThePage() throws Exception {
        page = Files.readString(PAGE);
    }

    private static String chapter(String page, String title) {
        String from = page.substring(page.indexOf("\n## " + title));
        int end = from.indexOf("\n## ", 1);
        return end < 0 ? from : from.substring(0, end);
    }

    private static Installed.Result sendport(Path folder, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("-c");
        all.add("sendport.xml");
        Installed.Result result = Installed.sendport(folder, all.toArray(String[]::new));
        assertThat(result.status())
                .as(String.join(" ", arguments) + "\n" + result.out() + result.err())
                .isZero();
        return result;
    }

    /** The first command of a chapter that begins so. */
    private Installed.Result asThePageSays(Path folder, String chapter, String start) throws Exception {
        return sendport(
                folder,
                DocumentedCommands.of(chapter(page, chapter), start, "Invoices", "ID")
                        .toArray(String[]::new));
    }

    private static void write(Path folder, String messageBox, ScriptedServer relay) throws Exception {
        Files.writeString(folder.resolve("m.txt"), "hello");
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns='urn:sendport:config:1'>
                %s
                <host name='Mail'><smtp host='127.0.0.1' port='%d' tls='none'/><mail from='a@corp.example' to='b@customer.example'/></host>
                <sendPort name='Invoices' host='Mail'/></sendport>""".formatted(messageBox, relay.port()));
    }

    private static void stop(Process run) throws Exception {
        run.destroy();
        Patience.untilEnd(run);
        assertThat(run.exitValue()).isIn(0, 143);
    }

    @Test
    void aHostMovesToAnotherMachineAndItsKeysAreReplaced() throws Exception {
        String sqlite = "<messageBox url='jdbc:sqlite:var/sendport.db'/>";
        String move = "Move a host to another machine";
        String keys = "Replace a key";
        try (ScriptedServer relay = new ScriptedServer()) {
            write(machine, sqlite, relay);
            Process old = Installed.run(machine, "", "sendport.xml");
            try {
                sendport(machine, "submit", "--port", "Invoices", "--wait", "1m", "m.txt");
                asThePageSays(machine, move, "ports stop");
                sendport(machine, "submit", "--port", "Invoices", "m.txt");
                stop(old);
            } finally {
                old.destroyForcibly();
            }
            write(other, sqlite, relay);
            Files.move(machine.resolve("var"), other.resolve("var"));
            asThePageSays(other, move, "validate");
            asThePageSays(other, move, "audit verify");
            Process moved = Installed.run(other, "", "sendport.xml");
            try {
                assertThat(relay.mails()).as("the port is still stopped").hasSize(1);
                asThePageSays(other, move, "ports start");
                Patience.until("the message that waited", () -> relay.mails().size() == 2);

                asThePageSays(other, keys, "audit rotate-key");
                sendport(other, "token", "add", "billing", "--role", "submitter:Invoices");
                asThePageSays(other, keys, "token add");
                asThePageSays(other, keys, "token revoke");
                assertThat(sendport(other, "token", "list").out())
                        .contains("billing-2027")
                        .doesNotContainPattern("billing\\s");
                sendport(other, "submit", "--port", "Invoices", "--wait", "1m", "m.txt");
                asThePageSays(other, keys, "audit verify");
                stop(moved);
            } finally {
                moved.destroyForcibly();
            }
            assertThat(relay.mails()).hasSize(3);
        }
    }

    /** A command of PostgreSQL's tools or of the shell, as the page has it. */
    private void shell(Path folder, EmbeddedPostgres server, String start, Path archive) throws Exception {
        Matcher line = Pattern.compile("(?m)^ +(" + start + ".*)$").matcher(page);
        assertThat(line.find()).as(start).isTrue();
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", line.group(1).replace("/archive", archive.toString()))
                .directory(folder.toFile())
                .inheritIO();
        builder.environment().put("PGHOST", "localhost");
        builder.environment().put("PGPORT", Integer.toString(server.getPort()));
        builder.environment().put("PGUSER", "postgres");
        Process process = builder.start();
        Patience.untilEnd(process);
        assertThat(process.exitValue()).as(line.group(1)).isZero();
    }

    private static EmbeddedPostgres.Builder postgres(Path data) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setServerConfig("wal_level", "replica")
                .setServerConfig("max_wal_senders", "4")
                .setPGStartupWait(Patience.LIMIT);
    }

    private static String query(EmbeddedPostgres server, String sql) throws Exception {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static String box(EmbeddedPostgres server) {
        return "<messageBox url='jdbc:postgresql://localhost:%d/postgres' user='postgres' lease='PT5S'/>"
                .formatted(server.getPort());
    }

    @Test
    void recoversToAnEarlierMomentAndReportsTheLoss() throws Exception {
        assumeTrue(Deep.isOn(), "starts two databases and replays an archive");
        if (!Tool.answers("pg_basebackup", "--version")) {
            Skipped.note("point-in-time recovery, since pg_basebackup is missing");
            assumeTrue(false, "pg_basebackup is missing");
        }
        Path archive = Files.createDirectory(machine.resolve("archive"));
        Path data = machine.resolve("old");
        try (ScriptedServer relay = new ScriptedServer()) {
            String moment;
            try (EmbeddedPostgres server = postgres(data)
                    .setDataDirectoryCustomizer(folder -> archiveTo(archive, folder.toPath()))
                    .start()) {
                write(machine, box(server), relay);
                shell(machine, server, "pg_basebackup", archive);
                Process run = Installed.run(machine, "", "sendport.xml");
                try {
                    sendport(machine, "submit", "--port", "Invoices", "--wait", "1m", "m.txt");
                    moment = query(server, "SELECT clock_timestamp()::text");
                    // a moment has to lie between two commits
                    Patience.until("the next second", () -> query(
                                    server, "SELECT clock_timestamp() > '" + moment + "'::timestamptz + interval '1 s'")
                            .equals("t"));
                    sendport(machine, "submit", "--port", "Invoices", "--wait", "1m", "m.txt");
                } finally {
                    run.destroy();
                    Patience.untilEnd(run);
                }
                String segment = query(server, "SELECT pg_walfile_name(pg_switch_wal())");
                Patience.until("the archive", () -> Files.exists(archive.resolve(segment)));
                page = page.replace("2026-11-28 12:00:00+00", moment);
                for (String step : List.of(
                        "cp -a base",
                        "echo \"restore",
                        "echo \"recovery_target_time",
                        "echo \"recovery_target_action",
                        "touch")) {
                    shell(machine, server, step, archive);
                }
            }
            try (EmbeddedPostgres server = postgres(machine.resolve("data")).start()) {
                Patience.until("the promotion", () -> query(server, "SELECT pg_is_in_recovery()")
                        .equals("f"));
                write(machine, box(server), relay);
                Process again = Installed.run(machine, "", "sendport.xml");
                try {
                    ShownConditions shown = new ShownConditions(machine);
                    shown.await("the loss", severities -> severities.containsKey("storeLost"));
                    asThePageSays(machine, "Go back to an earlier moment", "store accept-loss");
                    shown.await("it goes on", severities -> !severities.containsKey("storeLost"));
                    sendport(machine, "submit", "--port", "Invoices", "--wait", "1m", "m.txt");
                } finally {
                    again.destroy();
                    Patience.untilEnd(again);
                }
                assertThat(relay.mails()).hasSize(3);
                Installed.Result verified = Installed.sendport(machine, "audit", "verify", "-c", "sendport.xml");
                assertThat(verified.status())
                        .as(verified.out() + verified.err())
                        .isEqualTo(1);
                assertThat(verified.out() + verified.err()).contains("--accept");
            }
        }
    }

    /** The settings of the page. */
    private void archiveTo(Path archive, Path data) {
        Matcher line =
                Pattern.compile("(?m)^ +(archive_(?:mode|command) = .*)$").matcher(page);
        List<String> settings = new ArrayList<>();
        while (line.find()) {
            settings.add(line.group(1).replace("/archive", archive.toString()));
        }
        assertThat(settings).hasSize(2);
        try {
            Files.write(data.resolve("postgresql.conf"), settings, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
