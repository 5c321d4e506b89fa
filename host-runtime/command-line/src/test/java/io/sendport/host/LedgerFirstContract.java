package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.config.port.PortState;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.reconcile.Archive;
import io.sendport.host.ledger.reconcile.Reconciliation;
import io.sendport.testing.Patience;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing happens that can't be recorded, in whichever phase records can't be made. */
@Timeout(300)
abstract class LedgerFirstContract {

    @TempDir
    protected Path folder;

    protected RunningHost host;

    /** The element of the configuration. */
    abstract String messageBox();

    /** From now on no record of that kind can be made. */
    abstract void refuse(Kind kind);

    /** They can again. */
    abstract void recover();

    /** Of the store. */
    abstract Path place();

    /** What those hear who want one made. */
    abstract String reason();

    @BeforeEach
    void start() throws Exception {
        host = RunningHost.start(folder, """
                %s
                <host name="Mail"><auditRelay embedded="true" archive="var/relay"/></host>
                <sendPort name="P" host="Mail">
                  <mail from="a@corp.example" to="b@customer.example" subject="s"/>
                  <retry count="3" interval="PT0.2S"/>
                </sendPort>
                """.formatted(messageBox()));
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
    }

    private List<MessageId> submit(int count) {
        List<MessageId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(host.submit("P", Body.of("mail " + i, StandardCharsets.UTF_8)));
        }
        return ids;
    }

    private long received() throws Exception {
        Path relay = folder.resolve("var/relay");
        if (!Files.isDirectory(relay)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(relay)) {
            return files.filter(file -> file.toString().endsWith(".eml")).count();
        }
    }

    private String health() {
        return host.process().health().ready().getOrDefault("store", "");
    }

    private void awaitDone(List<MessageId> ids) throws Exception {
        for (MessageId id : ids) {
            assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
        }
        Reconciliation.Summary summary = new Reconciliation(
                        host.process().box().ledger(), Archive.at(folder.resolve("var/relay")), each -> true, false)
                .run(each -> {});
        assertThat(summary.both()).isEqualTo(ids.size());
        assertThat(summary.differences()).isEmpty();
        assertThat(TestBox.verify(host.process().box(), place()).fault()).isEmpty();
    }

    @Test
    void acceptsNoSubmissionThatItCannotRecord() throws Exception {
        refuse(Kind.SUBMITTED);
        assertThatThrownBy(() -> submit(1)).hasMessageContaining(reason());
        assertThat(health()).contains(reason());
        recover();
        awaitDone(submit(2));
        Patience.until(() -> health().isEmpty());
    }

    @Test
    void sendsNothingWhenItCannotRecordTheAttempt() throws Exception {
        refuse(Kind.ATTEMPT_STARTED);
        List<MessageId> ids = submit(5);
        Patience.until(() -> health().contains(reason()));
        Patience.whileItHolds("no record, no attempt", Duration.ofSeconds(1), () -> received() == 0);
        recover();
        awaitDone(ids);
    }

    @Test
    void keepsAResultUntilItCanRecordIt() throws Exception {
        refuse(Kind.ACCEPTED);
        List<MessageId> ids = submit(3);
        Patience.until(() -> health().contains(reason()));
        Patience.whileItHolds("nothing is done", Duration.ofSeconds(1), () -> ids.stream()
                .allMatch(id -> host.row(id).state() != MessageState.DONE));
        recover();
        awaitDone(ids);
    }

    @Test
    void performsNoActThatItCannotRecord() {
        refuse(Kind.PORT_STATE);
        assertThatThrownBy(() -> host.process().box().ports().set("P", PortState.STOPPED, new Actor("test", "")))
                .hasMessageContaining(reason());
        recover();
        assertThat(host.process().box().ports().of("P")).contains(PortState.STARTED);
    }
}
