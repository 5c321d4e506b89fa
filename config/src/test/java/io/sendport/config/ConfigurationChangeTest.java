package io.sendport.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.settings.Problem;
import io.sendport.config.port.Rate;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.config.read.SimplePlaceholders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new configuration changes of an old one, and whom a problem concerns. */
class ConfigurationChangeTest {

    private static final String BEFORE = """
            <messageBox url='jdbc:sqlite:box.db'/>
            <smtpConnection name='Shared' host='mail.corp.example' port='25' tls='none'><rate messages='10' per='PT1S'/></smtpConnection>
            <host name='H'><mail from='a@corp.example'/></host>
            <host name='Other'><mail from='a@corp.example'/></host>
            <sendPort name='P' host='H'><smtp connection='Shared'/><mail to='b@customer.example' subject='one'/></sendPort>
            <sendPort name='Q' host='H'><smtp connection='Shared'/><mail to='b@customer.example'/><rate messages='5' per='PT1M'/></sendPort>
            <sendPort name='R' host='Other'><smtp host='other.corp.example' port='25' tls='required' password='{{env:PASSWORD}}' user='u' auth='basic'/><mail to='b@customer.example'/></sendPort>
            """;

    @TempDir
    private Path folder;

    private Reading read(String content) throws IOException {
        return read(content, "first");
    }

    private Reading read(String content, String password) throws IOException {
        Path file = folder.resolve("sendport.xml");
        Files.writeString(file, "<sendport xmlns='urn:sendport:config:1'>\n" + content + "\n</sendport>");
        return new ConfigurationReader(new SimplePlaceholders(Map.of("env:PASSWORD", password))).read(file);
    }

    private ConfigurationChange change(String after) throws IOException {
        Configuration before = read(BEFORE).configuration().orElseThrow();
        return ConfigurationChange.between(before, read(after).configuration().orElseThrow());
    }

    @Test
    void isEmptyWhenOnlyTheFormattingChanges() throws IOException {
        assertThat(change("<!-- moved\n-->\n" + BEFORE.replace("<host name='H'>", "<host\n   name='H'>"))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void namesThePortAndWhatIsDifferent() throws IOException {
        assertThat(change(BEFORE.replace("'one'", "'two'")).ports()).isEqualTo(Map.of("P", "changed: mail"));
    }

    @Test
    void affectsOnlyThePortsThatUseAChangedConnection() throws IOException {
        assertThat(change(BEFORE.replace("messages='10'", "messages='20'")).ports())
                .containsOnlyKeys("P", "Q")
                .allSatisfy((port, why) -> assertThat(why).contains("relayRates"));
        assertThat(change(BEFORE.replace("mail.corp.example", "mail2.corp.example"))
                        .ports())
                .containsOnlyKeys("P", "Q");
    }

    @Test
    void detectsAChangedSecretBehindAPlaceholder() throws IOException {
        Configuration before = read(BEFORE).configuration().orElseThrow();
        Configuration after = read(BEFORE, "second").configuration().orElseThrow();
        ConfigurationChange change = ConfigurationChange.between(before, after);
        assertThat(change.ports()).containsOnlyKeys("R");
        assertThat(change.told().toString()).doesNotContain("second");
    }

    @Test
    void reportsAddedAndRemovedPortsAndHosts() throws IOException {
        ConfigurationChange change =
                change(BEFORE.replace("name='R'", "name='S'").replace("'Other'", "'Third'"));
        assertThat(change.ports()).isEqualTo(Map.of("R", "it has been removed", "S", "it is new"));
        assertThat(change.hostsAdded()).isEqualTo(Set.of("Third"));
        assertThat(change.hostsRemoved()).isEqualTo(Set.of("Other"));
    }

    @Test
    void reportsChangesThatNeedARestart() throws IOException {
        ConfigurationChange change = change(BEFORE.replace("box.db", "other.db"));
        assertThat(change.ports()).isEmpty();
        assertThat(change.atRestart()).containsExactly("<messageBox>");
        assertThat(change.isEmpty()).isFalse();
    }

    @Test
    void reloadsFeedsWhoseFileWasEdited() throws IOException {
        Files.writeString(folder.resolve("feed.xml"), "<routes/>");
        String fed = BEFORE.replace("<host name='H'>", "<host name='H'><routes file='feed.xml'/>");
        Configuration before = read(fed).configuration().orElseThrow();
        Files.writeString(folder.resolve("feed.xml"), "<routes><!-- one more --></routes>");
        Configuration after = read(fed).configuration().orElseThrow();
        assertThat(ConfigurationChange.between(before, after).feeds()).containsExactly("H");
    }

    @Test
    void keepsTheIdentityOfARateWhenItMovesInTheFile() throws IOException {
        Rate before = read(BEFORE)
                .configuration()
                .orElseThrow()
                .port("P")
                .orElseThrow()
                .relayRates()
                .get(0);
        Configuration moved = read("\n\n" + BEFORE).configuration().orElseThrow();
        assertThat(moved.port("P").orElseThrow().relayRates()).containsExactly(before);
        assertThat(moved.port("Q").orElseThrow().relayRates()).as("shared").containsExactly(before);
        assertThat(moved.port("Q").orElseThrow().schedule().rates()).doesNotContain(before);
    }

    private Map<String, String> concerned(String wrong) throws IOException {
        Reading reading = read(wrong);
        assertThat(reading.hasErrors()).isTrue();
        return reading.portsConcerned(reading.problems().stream()
                        .filter(each -> each.severity() == io.sendport.api.settings.Problem.Severity.ERROR)
                        .toList())
                .orElse(Map.of("*", "everything"));
    }

    @Test
    void blamesThePortThatContainsTheProblem() throws IOException {
        assertThat(concerned(
                        BEFORE.replace("subject='one'", "to='no address'").replace("to='b@customer.example' to", "to")))
                .containsOnlyKeys("P");
    }

    @Test
    void blamesEveryPortThatUsesASharedServer() throws IOException {
        assertThat(concerned(BEFORE.replace("messages='10' per='PT1S'", "messages='10' per='PT0S'")))
                .containsOnlyKeys("P", "Q");
    }

    @Test
    void blamesEveryPortOfAHost() throws IOException {
        assertThat(concerned(BEFORE.replace("<host name='Other'>", "<host name='Other' nonsense='1'>")))
                .containsOnlyKeys("R");
    }

    @Test
    void blamesEveryPortForAGlobalProblem() throws IOException {
        assertThat(concerned(BEFORE.replace("jdbc:sqlite:box.db", "jdbc:oracle:box")))
                .containsOnlyKeys("*");
    }

    @Test
    void acceptsAValidPostgresqlUrlWithoutAPassword() throws IOException {
        String postgres =
                BEFORE.replace("jdbc:sqlite:box.db", "jdbc:postgresql://db:5432/sendport?sslmode=verify-full");
        MessageBoxSettings box = read(postgres).configuration().orElseThrow().messageBox();
        assertThat(box.sqliteFile()).isEmpty();
        assertThat(box.place()).isEqualTo(folder.resolve("var/sendport"));
        for (String wrong : List.of(
                "jdbc:postgresql://db/sendport?password=x",
                "jdbc:postgresql://db/",
                "jdbc:postgresql:",
                "jdbc:sqlite:")) {
            assertThat(read(BEFORE.replace("jdbc:sqlite:box.db", wrong)).hasErrors())
                    .as(wrong)
                    .isTrue();
        }
    }

    @Test
    void warnsAboutARemoteDatabaseWithoutSslmodeVerifyFull() throws IOException {
        for (String safe : List.of(
                "jdbc:postgresql://db:5432/sendport?a=b&amp;sslmode=verify-full",
                "jdbc:postgresql:sendport",
                "jdbc:postgresql://localhost:5432,127.0.0.1,[::1]:5433/sendport")) {
            assertThat(warnings(safe)).as(safe).isEmpty();
        }
        for (String open : List.of(
                "jdbc:postgresql://db:5432/sendport",
                "jdbc:postgresql://localhost,db/sendport",
                "jdbc:postgresql://db/sendport?sslmode=verify-ca",
                "jdbc:postgresql://db/sendport?sslmode=require&amp;a=b")) {
            assertThat(warnings(open)).as(open).singleElement().asString().contains("sslmode=verify-full");
        }
    }

    private List<String> warnings(String url) throws IOException {
        return read(BEFORE.replace("jdbc:sqlite:box.db", url)).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void warnsAboutAMacroWithWrongCapitalization() throws IOException {
        assertThat(read(BEFORE.replace(
                                "subject='one'", "subject='%MessageId% %Datetime% %sourceFileName% %MessageID% %No%'"))
                        .problems())
                .extracting(Problem::toString)
                .satisfiesExactly(
                        first -> assertThat(first).contains("warning", "%MessageId%", "write %MessageID%"),
                        second -> assertThat(second).contains("%Datetime%", "write %datetime%"),
                        third -> assertThat(third).contains("%sourceFileName%", "write %SourceFileName%"));
    }

    @Test
    void affectsOnlyThePortsThatUseARenewedFile() throws IOException {
        Files.writeString(folder.resolve("host.pem"), "one");
        Files.writeString(folder.resolve("backup.pem"), "one");
        String content = """
                <messageBox url='jdbc:sqlite:box.db'/>
                <smtpConnection name='Spare' host='spare.corp.example' port='25' tls='required' trustStore='backup.pem'/>
                <host name='H'><smtp host='mail.corp.example' tls='required' trustStore='host.pem'/><mail from='a@corp.example' to='b@customer.example'/></host>
                <sendPort name='OfTheHost' host='H'/>
                <sendPort name='Other' host='H'><smtp host='other.corp.example' port='25' tls='none' trustStore=''/></sendPort>
                <sendPort name='Backed' host='H'><smtp host='other.corp.example' port='25' tls='none' trustStore=''/><backupTransport><smtp connection='Spare'/></backupTransport></sendPort>
                """;
        Configuration before = read(content, "first").configuration().orElseThrow();
        Files.writeString(folder.resolve("host.pem"), "two");
        Configuration renewed = read(content, "second").configuration().orElseThrow();
        assertThat(ConfigurationChange.between(before, renewed).ports()).containsOnlyKeys("OfTheHost");
        Files.writeString(folder.resolve("backup.pem"), "two");
        Configuration both = read(content, "third").configuration().orElseThrow();
        assertThat(ConfigurationChange.between(renewed, both).ports()).containsOnlyKeys("Backed");
    }
}
