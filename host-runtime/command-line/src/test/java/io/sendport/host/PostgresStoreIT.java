package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/postgresql.md, as they stand there. */
@Timeout(600)
@InTurn
class PostgresStoreIT {

    @TempDir
    private Path folder;

    private String url;
    private String database;

    @BeforeEach
    void start() throws Exception {
        url = TestPostgres.newDatabase();
        database = TestPostgres.database(url);
        Files.writeString(folder.resolve("m.txt"), "hello");
    }

    @AfterEach
    void stop() {
        ProcessHandle.current()
                .descendants()
                .filter(each -> each.info().command().orElse("").contains("java"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private Installed.Result sendport(String... arguments) throws Exception {
        return Installed.sendport(folder, arguments);
    }

    private void configure(String file, String messageBox) throws Exception {
        Files.writeString(folder.resolve(file), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox %s/>
                  <host name="H"><auditRelay embedded="true"/><mail from="a@corp.example" to="b@customer.example"/></host>
                  <sendPort name="P" host="H"/>
                </sendport>
                """.formatted(messageBox));
    }

    private static List<String> sqlOfTheDocs() throws Exception {
        List<String> blocks = new ArrayList<>();
        Matcher blocksOfSql = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../docs/postgresql.md")));
        while (blocksOfSql.find()) {
            blocks.add(blocksOfSql.group(1));
        }
        return blocks;
    }

    private void execute(String block) {
        Arrays.stream(block.split(";\\s*"))
                .filter(each -> !each.isBlank())
                .forEach(each -> TestPostgres.execute(database, each));
    }

    @Test
    void givesEachRoleOnlyThePrivilegesThatItNeeds() throws Exception {
        List<String> sql = sqlOfTheDocs();
        execute(sql.get(0));
        Files.writeString(folder.resolve("owner.txt"), "owner\n");
        configure("host.xml", "url=\"" + url + "\" user=\"sendport_host\"");
        configure("auditor.xml", "url=\"" + url + "\" user=\"sendport_auditor\"");
        Installed.Result early = sendport("submit", "-c", "host.xml", "--port", "P", "m.txt");
        assertThat(early.status()).isNotZero();
        assertThat(early.err()).contains("`sendport store migrate --user OWNER`");
        Installed.Result migrated = sendport(
                "store", "migrate", "-c", "host.xml", "--user", "sendport_owner", "--password-file", "owner.txt");
        assertThat(migrated.status()).as(migrated.err()).isZero();
        execute(sql.get(1));

        Process run = Installed.run(folder, "", "host.xml");
        Installed.Result sent = sendport("submit", "-c", "host.xml", "--port", "P", "--wait", "2m", "m.txt");
        assertThat(sent.status()).as(sent.err()).isZero();
        run.destroy();
        Patience.untilEnd(run);
        assertThat(run.exitValue()).isZero();

        Installed.Result verified = sendport("audit", "verify", "-c", "auditor.xml");
        assertThat(verified.status()).as(verified.err()).isZero();
        assertThat(verified.out()).contains("nothing is missing; anchored");
        String accepted = sendport(
                        "audit",
                        "search",
                        "-c",
                        "auditor.xml",
                        "--kind",
                        "ACCEPTED",
                        "--recipient",
                        "b@customer.example")
                .out();
        Installed.Result shown =
                sendport("audit", "show", "-c", "auditor.xml", accepted.substring(0, accepted.indexOf(' ')));
        assertThat(shown.out()).as(shown.err()).contains("sha256  ");
        Installed.Result compared = sendport("audit", "reconcile", "-c", "auditor.xml", "--archive", folder.toString());
        assertThat(compared.out()).as(compared.err()).contains("1 on the ledger and in the archive");
        assertThat(sendport("status", "-c", "auditor.xml").err()).isEmpty();
        assertThat(sendport("submit", "-c", "auditor.xml", "--port", "P", "m.txt")
                        .err())
                .contains("this user lacks a privilege");

        assertThat(sendport("audit", "prune", "-c", "host.xml").out()).isEqualTo("0 records deleted\n");
        String[] erase = {"audit", "erase", "-c", "host.xml", "--recipient", "b@customer.example", "--yes"};
        assertThat(sendport(erase).err()).contains("may not erase records; nothing was erased", "--user");
        List<String> asOwner = new ArrayList<>(List.of(erase));
        asOwner.addAll(List.of("--user", "sendport_owner", "--password-file", "owner.txt"));
        Installed.Result erased = sendport(asOwner.toArray(String[]::new));
        assertThat(erased.out()).as(erased.err()).contains("1 message, ");
        assertThat(sendport(
                                "audit",
                                "prune",
                                "-c",
                                "host.xml",
                                "--user",
                                "sendport_owner",
                                "--password-file",
                                "owner.txt")
                        .out())
                .isEqualTo("0 records deleted\n");
        assertThat(sendport("audit", "verify", "-c", "auditor.xml").out()).contains("private parts of ");

        for (String forbidden : List.of(
                "UPDATE sendport.audit_record SET at = 0",
                "DELETE FROM sendport.audit_record",
                "DROP TABLE sendport.audit_record",
                "UPDATE sendport.audit_segment SET headers = ''",
                "UPDATE sendport.audit_segment SET private = ''",
                "DELETE FROM sendport.audit_segment",
                "DELETE FROM sendport.audit_key",
                "SELECT body FROM sendport.part")) {
            String role = forbidden.startsWith("SELECT") ? "sendport_auditor" : "sendport_host";
            assertThat(TestPostgres.refusal(database, role, forbidden))
                    .as(forbidden)
                    .containsPattern("permission denied|must be owner");
        }
    }

    @Test
    void movesAWholeStoreFromSqlite() throws Exception {
        configure("old.xml", "url=\"jdbc:sqlite:box.db\"");
        byte[] large = new byte[3_000_000];
        new java.util.Random(1).nextBytes(large);
        Files.write(folder.resolve("large.bin"), large);
        Process run = Installed.run(folder, "", "old.xml");
        assertThat(sendport("submit", "-c", "old.xml", "--port", "P", "--wait", "2m", "m.txt")
                        .status())
                .isZero();
        assertThat(sendport("ports", "stop", "-c", "old.xml", "P").status()).isZero();
        Installed.await(folder.resolve("run.log"), "port P stopped");
        String waiting = sendport("submit", "-c", "old.xml", "--port", "P", "large.bin")
                .out()
                .strip();
        Installed.Result amid = sendport("store", "copy", "-c", "old.xml", "--yes", "--to", url, "--user", "postgres");
        assertThat(amid.err()).contains("another host process or store command uses");
        run.destroy();
        Patience.untilEnd(run);

        Installed.Result copied =
                sendport("store", "copy", "-c", "old.xml", "--yes", "--to", url, "--user", "postgres");
        assertThat(copied.status()).as(copied.err()).isZero();
        assertThat(copied.out()).contains("2 rows of message", "ledger records verified in the copy");
        assertThat(folder.resolve("box.db")).doesNotExist();
        Installed.Result again = sendport("submit", "-c", "old.xml", "--port", "P", "m.txt");
        assertThat(again.status())
                .as("a new file is made, in which nothing waits")
                .isZero();
        assertThat(sendport("store", "copy", "-c", "old.xml", "--yes", "--to", url, "--user", "postgres")
                        .err())
                .contains("a copy never overwrites one");

        configure("new.xml", "url=\"" + url + "\" user=\"postgres\"");
        assertThat(sendport("messages", "list", "-c", "new.xml", "--json").out())
                .contains(waiting, "\"state\":\"waiting\"");
        Process moved = Installed.run(folder, "", "new.xml");
        assertThat(sendport("ports", "start", "-c", "new.xml", "P").status()).isZero();
        assertThat(sendport("submit", "-c", "new.xml", "--port", "P", "--wait", "2m", "m.txt")
                        .status())
                .isZero();
        moved.destroy();
        Patience.untilEnd(moved);
        Installed.Result verified = sendport("audit", "verify", "-c", "new.xml");
        assertThat(verified.status()).as(verified.out()).isZero();
        assertThat(verified.out()).contains("anchored by signed checkpoints up to 0:", "1:");
        assertThat(sendport("audit", "search", "-c", "new.xml", "--kind", "COPIED")
                        .out())
                .contains("COPIED");
    }
}
