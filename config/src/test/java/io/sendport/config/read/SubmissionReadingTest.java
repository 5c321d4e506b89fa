package io.sendport.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.mail.MailAddress;
import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationChange;
import io.sendport.config.SubmissionSettings;
import io.sendport.config.SubmissionSettings.Content;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubmissionReadingTest extends ReadingFixture {

    private static final String DYNAMIC =
            "<sendPort name='D' host='Direct'><dynamic domains='customer.example'/><smtp host='h' port='25'/>"
                    + "<mail from='a@corp.example'/></sendPort>";

    private static String host(String submission) {
        return "<host name='Direct'>" + submission + "</host>" + DYNAMIC;
    }

    private SubmissionSettings settings(String submission) throws Exception {
        Configuration read = read(host(submission)).configuration().orElseThrow();
        return read.hosts().get(0).submission().orElseThrow();
    }

    @Test
    void listensOnLoopbackAndAcceptsOnlyLocalMailByDefault() throws Exception {
        SubmissionSettings read = settings("<submission><map port='D'/></submission>");
        assertThat(read.address()).isEqualTo("127.0.0.1");
        assertThat(read.port()).isEqualTo(2525);
        assertThat(read.logOn()).isFalse();
        assertThat(read.dedupe()).isTrue();
        assertThat(read.allows(InetAddress.getByName("127.0.0.9"))).isTrue();
        assertThat(read.allows(InetAddress.getByName("10.1.2.3"))).isFalse();
    }

    @Test
    void mapsAMailByItsUserSenderAndRecipient() throws Exception {
        SubmissionSettings read = settings("<submission><map user='billing*' from='*@corp.example'"
                + " recipientDomain='customer.example' port='D' content='parts'/><map/></submission>");
        SubmissionSettings.Mapping first = read.mappings().get(0);
        assertThat(first.content()).isEqualTo(Content.PARTS);
        Optional<MailAddress> sender = Optional.of(MailAddress.parse("A@CORP.example"));
        MailAddress recipient = MailAddress.parse("b@customer.example");
        assertThat(first.fits(Optional.of("billing-2"), sender, recipient)).isTrue();
        assertThat(first.fits(Optional.empty(), sender, recipient)).isFalse();
        assertThat(first.fits(Optional.of("billing"), Optional.empty(), recipient))
                .isFalse();
        assertThat(first.fits(Optional.of("billing"), sender, MailAddress.parse("b@other.example")))
                .isFalse();
        assertThat(read.mappings().get(1).fits(Optional.empty(), Optional.empty(), recipient))
                .isTrue();
    }

    @Test
    void reportsAllProblemsAtOnce() throws Exception {
        assertThat(messages(read("<host name='Direct'><submission address='0.0.0.0'><allow network='corp'/>"
                        + "<map port='None'/><map port='P'/><promote header='X Y'/></submission></host>"
                        + "<sendPort name='P' host='Direct'><smtp host='h' port='25'/>" + MAIL + "</sendPort>")))
                .anySatisfy(text -> assertThat(text).contains("<allow> network: \"corp\" is not a network"))
                .anySatisfy(text -> assertThat(text).contains("<submission>").contains("a certificate is missing"))
                .anySatisfy(text -> assertThat(text).contains("\"None\" does not exist"))
                .anySatisfy(text -> assertThat(text).contains("port P has fixed recipients"))
                .anySatisfy(text -> assertThat(text).contains("\"X Y\" is not a valid header field name"));
        assertThat(messages(read(host("<submission address='0.0.0.0' logOn='false'><map port='D'/></submission>"))))
                .anySatisfy(text -> assertThat(text).contains("no network is allowed to submit mail"));
        assertThat(messages(read(host("<submission/>"))))
                .anySatisfy(text -> assertThat(text).contains("has no <map>, so it would refuse every mail"));
    }

    @Test
    void rejectsAMapToSubscribersWithFixedRecipients() throws Exception {
        assertThat(messages(read("<host name='Direct'><submission><map/></submission></host>"
                        + "<sendPort name='Fixed' host='Direct'><smtp host='h' port='25'/>" + MAIL
                        + "<subscribe><all><match property='A' equals='b'/></all></subscribe></sendPort>")))
                .anySatisfy(text -> assertThat(text).contains("[Fixed] have fixed recipients"));
    }

    @Test
    void warnsOfNetworksWithoutALogOn() throws Exception {
        assertThat(messages(read(host("<submission address='0.0.0.0' logOn='false'><allow network='10.1.0.0/16'/>"
                        + "<map port='D'/></submission>"))))
                .anySatisfy(text ->
                        assertThat(text).contains("warning: ").contains("anyone in [10.1.0.0/16] can send mail"));
    }

    @Test
    void aChangeReloadsTheFeedsOfTheHost() throws Exception {
        Files.writeString(folder.resolve("server.p12"), "stands for a key store");
        Configuration before = read(host("<submission><map port='D'/></submission>"))
                .configuration()
                .orElseThrow();
        Configuration moved = read("<!-- a line more -->\n" + host("<submission><map port='D'/></submission>"))
                .configuration()
                .orElseThrow();
        Configuration changed = read(host("<submission logOn='true'><tls keyStore='server.p12' password='p'/>"
                        + "<map port='D'/></submission>"))
                .configuration()
                .orElseThrow();
        assertThat(ConfigurationChange.between(before, moved).feeds()).isEmpty();
        assertThat(ConfigurationChange.between(before, changed).feeds()).containsExactly("Direct");
        assertThat(ConfigurationChange.between(
                                changed, read(host("")).configuration().orElseThrow())
                        .feeds())
                .containsExactly("Direct");
    }
}
