package io.sendport.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.AlertSettings;
import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationChange;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AlertReadingTest extends ReadingFixture {

    private static final String PORT = port("<smtp host='h' port='25'/>" + MAIL);
    private static final String HOOK =
            "<webhook url='https://alerts.corp.example/T0/B1' secret='12345678901234567890'/>";

    private Configuration configuration(String alerts) throws IOException {
        Reading reading = read(alerts + HOST + PORT);
        assertThat(messages(reading)).allMatch(text -> text.contains("warning: "));
        return reading.configuration().orElseThrow();
    }

    @Test
    void areAbsentUnlessTheyAreConfigured() throws Exception {
        assertThat(configuration("").alerts()).isEmpty();
    }

    @Test
    void haveDefaultTimes() throws Exception {
        AlertSettings alerts = configuration("<alerts><heartbeat url='https://beat.example/1'/></alerts>")
                .alerts()
                .orElseThrow();
        assertThat(alerts.pending()).isEqualTo(Duration.ofMinutes(5));
        assertThat(alerts.calm()).isEqualTo(Duration.ofMinutes(5));
        assertThat(alerts.reminder()).isEqualTo(Duration.ofDays(1));
        assertThat(alerts.heartbeat().orElseThrow().every()).isEqualTo(Duration.ofMinutes(1));
        assertThat(alerts.channels()).isEmpty();
    }

    @Test
    void areReadWithAllSettings() throws Exception {
        AlertSettings alerts = configuration("<smtpConnection name='Own' host='other.example' tls='required'/>"
                        + "<alerts pending='PT1M' calm='PT2M' reminder='PT0S'>"
                        + "<mail from='Sendport &lt;sp@corp.example>' to='ops@corp.example; night@corp.example'>"
                        + "<smtp connection='Own' port='2587'/></mail>"
                        + "<webhook name='chat' url='https://chat.example/T0/B1' secret='12345678901234567890'/>"
                        + "<heartbeat url='https://beat.example/1' every='PT30S'/></alerts>")
                .alerts()
                .orElseThrow();
        assertThat(alerts.channels()).containsExactly("mail", "chat");
        AlertSettings.Mail mail = alerts.mails().get(0);
        assertThat(mail.to()).hasSize(2);
        assertThat(mail.smtp().text("host")).contains("other.example");
        assertThat(mail.smtp().text("port")).contains("2587");
        assertThat(alerts.reminder()).isZero();
        assertThat(alerts.toString()).doesNotContain("T0/B1").doesNotContain("1234567890");
    }

    @Test
    void reportAllProblemsAtOnceWithoutWebhookUrls() throws Exception {
        assertThat(messages(read("<alerts><mail from='nobody' to=''/>"
                        + "<mail from='a@b.example' to='%x%@c.example'><smtp/></mail>"
                        + "<webhook url='ftp://u:p@files.example/T0' secret='short'/>"
                        + "<webhook url='http://u:p@chat.example/T0' secret='12345678901234567890'/>"
                        + "<heartbeat url='https://beat.example' every='PT0S'/><heartbeat url='//x'/></alerts>"
                        + HOST + PORT)))
                .filteredOn(text -> !text.contains("plain text"))
                .anyMatch(text -> text.contains("<mail> from: ") && text.startsWith("sendport.xml:2:"))
                .anyMatch(text -> text.contains("<mail> to: is missing"))
                .anyMatch(text -> text.contains("<mail> to: has a macro"))
                .anyMatch(text -> text.contains("<mail> name: \"mail\" is already the name of another channel"))
                .anyMatch(text -> text.contains("<alerts> <mail>: does not name a server"))
                .anyMatch(text -> text.contains("<webhook> url: is not a valid http or https URL with a host"))
                .anyMatch(text -> text.contains("<webhook> secret: is shorter than 20 characters"))
                .anyMatch(text -> text.contains("<webhook> name: \"webhook\" is already the name of another channel"))
                .anyMatch(text -> text.contains("<webhook> url: contains a user name"))
                .anyMatch(text -> text.contains("<heartbeat> every: is shorter than a second"))
                .anyMatch(text -> text.contains("<alerts>: has a second <heartbeat>"))
                .noneMatch(text -> text.contains("/T0") || text.contains("u:p@"));
    }

    @Test
    void areRejectedWithoutAChannel() throws Exception {
        assertThat(messages(read("<alerts/>" + HOST + PORT)))
                .containsExactly("sendport.xml:2:10: <alerts>: has no channel, so nobody would receive an alert;"
                        + " add <mail>, <webhook> or <heartbeat>, or leave <alerts> out");
    }

    @Test
    void warnAboutARemoteUrlWithoutTls() throws Exception {
        assertThat(messages(read("<alerts><heartbeat url='http://beat.example/1'/></alerts>" + HOST + PORT)))
                .singleElement()
                .asString()
                .contains("warning: <heartbeat> url: requests to this URL cross the network in clear text");
        assertThat(messages(read("<alerts><heartbeat url='http://127.0.0.1:8080/1'/></alerts>" + HOST + PORT)))
                .isEmpty();
    }

    @Test
    void changeOnlyWhenTheirMeaningChanges() throws Exception {
        Configuration before = configuration("<alerts>" + HOOK + "</alerts>");
        Configuration moved = configuration("\n\n<alerts>\n" + HOOK + "</alerts>");
        Configuration other = configuration("<alerts pending='PT1M'>" + HOOK + "</alerts>");
        assertThat(ConfigurationChange.between(before, moved).isEmpty()).isTrue();
        assertThat(ConfigurationChange.between(before, other).told()).containsExactly("<alerts> changed");
        assertThat(ConfigurationChange.between(before, configuration("")).alerts())
                .isTrue();
    }
}
