package io.sendport.host.run.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.api.submit.Submitter;
import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a feed brings and nobody can take is on the ledger. */
class FeedSubmitterTest {

    @TempDir
    private Path folder;

    private MessageBox box;
    private Submitter feeds;

    @BeforeEach
    void open() throws Exception {
        Path file = folder.resolve("sendport.xml");
        Files.writeString(file, """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:sendport.db"/>
                  <host name="H"><smtp host="127.0.0.1" port="25" tls="none"/></host>
                  <sendPort name="P" host="H"><limits maxMessageSize="10"/></sendPort>
                  <sendPort name="Small" host="H"><limits maxBytes="10"/></sendPort>
                </sendport>
                """);
        Routing routing = new ConfigurationReader(new CamelPlaceholders()).readRouting(file);
        box = MessageBox.open(
                routing.messageBox(), Access.CREATE, new SettableClock(Instant.parse("2026-11-28T12:00:00Z")));
        feeds = new SubmissionService(routing, box, port -> {}).forFeeds();
    }

    @AfterEach
    void close() {
        box.close();
    }

    private static Submission submission(String port, String body, String key) {
        return new Submission(
                port,
                Context.empty(),
                List.of(Part.body("", Body.wrapping(body.getBytes(java.nio.charset.StandardCharsets.US_ASCII)))),
                Optional.of(key).filter(each -> !each.isEmpty()),
                "route pickup");
    }

    private List<AuditRecord> notTaken() {
        List<AuditRecord> records = new ArrayList<>();
        box.ledger().read(AuditFilter.all().with("kind", "NOT_TAKEN"), records::add);
        return records;
    }

    @Test
    void recordsARefusalOnceWhenTheSourceRepeatsAMessage() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> feeds.publish(submission("P", "longer than that", "one")))
                    .isInstanceOf(SubmissionRefusedException.class);
        }
        assertThatThrownBy(() -> feeds.publish(submission("Q", "x", "two")))
                .isInstanceOf(SubmissionRefusedException.class);
        assertThat(notTaken()).hasSize(2);
        assertThat(notTaken().get(0).header("port")).isEqualTo("P");
        assertThat(notTaken().get(0).toString()).doesNotContain("longer than that");
        assertThat(feeds.publish(submission("P", "short", "three"))).hasSize(1);
        assertThat(notTaken()).hasSize(2);
    }

    @Test
    void refusesAMessageThatNeverFitsThePort() {
        assertThatThrownBy(() -> feeds.publish(submission("Small", "longer than that", "one")))
                .isInstanceOf(SubmissionRefusedException.class)
                .hasMessageContaining("port Small")
                .hasMessageContaining("<limits maxBytes>");
        assertThat(notTaken()).hasSize(1);
        assertThat(feeds.publish(submission("Small", "short", "two"))).hasSize(1);
        assertThatThrownBy(() -> feeds.publish(submission("Small", "shorter", "three")))
                .isInstanceOf(NotNowException.class);
    }

    @Test
    void reportsNotNowWhenNothingCanBeRecorded() {
        box.close();
        assertThatThrownBy(() -> feeds.publish(submission("P", "longer than that", "one")))
                .isInstanceOf(NotNowException.class);
        assertThatThrownBy(() -> feeds.publish(submission("P", "short", "two"))).isInstanceOf(NotNowException.class);
    }
}
