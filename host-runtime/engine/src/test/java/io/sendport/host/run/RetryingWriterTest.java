package io.sendport.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.decide.NextAction;
import io.sendport.host.decide.Terms;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryingWriterTest {

    private static final String OURS = "H@this";

    private final SettableClock clock = new SettableClock();

    @TempDir
    private Path folder;

    private MessageBox box;
    private MessageRow row;
    private RetryingWriter written;

    @BeforeEach
    void claimOne() {
        box = TestBox.open(folder, clock);
        TestBox.submit(box, clock, "P");
        row = box.claims().claim("P", OURS, 1).get(0);
        written = new RetryingWriter(box.store(), () -> false);
    }

    @AfterEach
    void close() {
        box.close();
    }

    private boolean suspended() {
        return written.run(() -> box.attempts().suspend(row, OURS, new NextAction.Suspend("no recipient"), "[]", ""));
    }

    private MessageState state() {
        return box.queries().byPrefix(row.id().value()).get(0).state();
    }

    @Test
    void returnsTrueWhenTheChangeIsWritten() {
        assertThat(suspended()).isTrue();
        assertThat(state()).isEqualTo(MessageState.SUSPENDED);
    }

    @Test
    void returnsFalseWhenAnotherInstanceHasTheMessage() {
        TestBox.bury(box, OURS);
        box.claims().takeOver(any -> Terms.DEFAULT);
        assertThat(suspended()).isFalse();
        assertThat(state()).isNotEqualTo(MessageState.SUSPENDED);
    }
}
