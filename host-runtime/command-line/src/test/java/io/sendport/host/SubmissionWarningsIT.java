package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code validate} says of a submission feed that would lose something or take nothing. */
@Timeout(300)
class SubmissionWarningsIT {

    private static final String LOST =
            "the attachments of mails that <submission> takes with content=\"parts\" are not sent";
    private static final String NO_USER = "no mail matches this <map>: without a log-on, a client has no user";

    @TempDir
    private Path folder;

    private String validate(String map, String mail) throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <host name="H">
                    <smtp host="127.0.0.1" port="25" tls="none"/>
                    <submission port="2525" logOn="false">%s</submission>
                  </host>
                  <sendPort name="P" host="H">%s<dynamic domains="customer.example"/></sendPort>
                </sendport>
                """.formatted(map, mail));
        Installed.Result result = Installed.sendport(folder, "validate", "-c", "sendport.xml");
        assertThat(result.status()).as(result.out() + result.err()).isZero();
        return result.out() + result.err();
    }

    @Test
    void warnsWhenSubmittedAttachmentsWouldNotBeSent() throws Exception {
        String plain = "<mail from='a@corp.example'/>";
        assertThat(validate("<map port='P' content='parts'/>", plain)).contains(LOST, "add <attach parts=\"all\"/>");
        assertThat(validate("<map port='P'/>", plain)).doesNotContain(LOST);
        assertThat(validate(
                        "<map port='P' content='parts'/>", "<mail from='a@corp.example'><attach parts='all'/></mail>"))
                .doesNotContain(LOST);
    }

    @Test
    void warnsOfAMapForAUserWhenLogOnIsNotConfigured() throws Exception {
        String mail = "<mail from='a@corp.example'/>";
        assertThat(validate("<map port='P' user='billing'/>", mail)).contains(NO_USER);
        assertThat(validate("<map port='P'/>", mail)).doesNotContain(NO_USER);
    }
}
