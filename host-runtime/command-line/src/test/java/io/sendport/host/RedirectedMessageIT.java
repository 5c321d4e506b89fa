package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.Kind;
import io.sendport.host.operate.Resubmission;
import io.sendport.host.operate.Submissions;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A message that tries a port out goes to one address, and never to those whom the port would name. */
@Timeout(300)
class RedirectedMessageIT {

    private static final MailAddress ME = MailAddress.parse("me@elsewhere.example");

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private RunningHost host;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
        host = RunningHost.start(
                folder,
                "<messageBox url='jdbc:sqlite:sendport.db'><retention bodies='P1D'/></messageBox>"
                        + "<promote property='Sendport.RedirectTo' xpath='/evil/text()'/>"
                        + "<host name='H'><smtp host='127.0.0.1' port='" + server.port() + "' tls='none'/></host>"
                        + "<sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example'"
                        + " cc='c@customer.example' bcc='d@customer.example' subject='s'/></sendPort>"
                        + "<sendPort name='Files' host='H'><camel uri='file:" + folder.resolve("out") + "'/>"
                        + "<mail from='a@corp.example' to='b@customer.example' subject='s'/></sendPort>"
                        + "<sendPort name='Acks' host='H'><subscribe><all><match property='BTS.AckType' equals='ACK'/></all></subscribe>"
                        + "<mail from='a@corp.example' to='ops@corp.example' subject='ack %BTS.AckID%'/></sendPort>");
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        server.close();
    }

    private static Submission.Builder submission(String body) {
        return Submission.to("P")
                .body("application/xml", Body.of(body, StandardCharsets.UTF_8))
                .by("test");
    }

    private Submissions submissions() {
        return host.process().operations().submissions();
    }

    private void await(MessageId id) throws Exception {
        assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
    }

    @Test
    void goesOnlyToThatAddressEvenWhenResubmitted() throws Exception {
        MessageId id = submissions()
                .publishRedirected(submission("<x/>").build(), ME)
                .get(0)
                .id();
        await(id);
        Resubmission again = new Resubmission(
                Optional.empty(),
                Map.of(),
                Optional.of(Part.body("application/xml", Body.of("<y/>", StandardCharsets.UTF_8))));
        await(submissions()
                .resubmit(id.value(), again, new Actor("me@here", "test"))
                .id());
        assertThat(server.count("RCPT TO:<me@elsewhere.example>")).isEqualTo(2);
        assertThat(server.count("RCPT TO:")).isEqualTo(2);
        assertThat(host.records(id))
                .filteredOn(record -> record.is(Kind.ATTEMPT_STARTED))
                .singleElement()
                .satisfies(record -> assertThat(record.secret().toString())
                        .contains("redirectedFrom=b@customer.example, c@customer.example, d@customer.example"));
    }

    /** The message that it stands for has the same key. */
    @Test
    void cannotHaveADedupeKey() {
        assertThatThrownBy(() -> submissions()
                        .publishRedirected(submission("<x/>").dedupeKey("k").build(), ME))
                .isInstanceOf(SubmissionRefusedException.class)
                .hasMessageContaining("cannot have a dedupe key");
    }

    @Test
    void isNotAcknowledged() throws Exception {
        await(submissions()
                .publishRedirected(submission("<x/>").build(), ME)
                .get(0)
                .id());
        MessageId real =
                submissions().publish(submission("<y/>").build()).get(0).id();
        await(real);
        Patience.until(() -> server.mails().size() == 3);
        assertThat(server.mails())
                .filteredOn(mail -> mail.contains("To: ops@corp.example"))
                .singleElement()
                .asString()
                .contains(real.value());
    }

    /** Its endpoint has recipients of its own. */
    @Test
    void isNotSentThroughCamel() throws Exception {
        MessageId id = submissions()
                .publishRedirected(
                        Submission.to("Files")
                                .body("text/plain", Body.of("x", StandardCharsets.UTF_8))
                                .by("test")
                                .build(),
                        ME)
                .get(0)
                .id();
        assertThat(host.await(id, row -> row.state() == MessageState.SUSPENDED).lastError())
                .contains("a test message cannot be redirected, and nothing was sent");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    /** Otherwise a document, or a program that may only submit, would choose who gets the mail. */
    @Test
    void cannotBeRequestedByASubmitterOrADocument() {
        for (Submission each : List.of(
                submission("<x/>")
                        .with(MessageProperties.REDIRECT_TO, "evil@in.example")
                        .build(),
                submission("<evil>evil@in.example</evil>").build())) {
            assertThatThrownBy(() -> submissions().publish(each))
                    .isInstanceOf(SubmissionRefusedException.class)
                    .hasMessageContaining("a submitter cannot set the property Sendport.RedirectTo");
        }
        assertThat(server.count("RCPT TO:")).isZero();
    }
}
