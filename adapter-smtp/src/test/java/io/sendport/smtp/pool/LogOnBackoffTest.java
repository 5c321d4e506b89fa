package io.sendport.smtp.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.smtp.wire.Phase;
import io.sendport.smtp.wire.Reply;
import io.sendport.smtp.wire.SmtpConnection;
import io.sendport.smtp.wire.SmtpException;
import io.sendport.testing.SettableClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LogOnBackoffTest {

    private final SettableClock clock = new SettableClock();
    private final AtomicInteger logOns = new AtomicInteger();
    private final LogOnBackoff logOnBackoff = new LogOnBackoff(clock, Duration.ofSeconds(1), false);

    private SmtpConnection refused() throws SmtpException {
        logOns.incrementAndGet();
        throw new SmtpException(Phase.AUTH, Reply.of(535, "5.7.8 bad credentials"), null);
    }

    private Phase tried() {
        try {
            logOnBackoff.open(this::refused);
            return Phase.QUIT;
        } catch (SmtpException e) {
            return e.phase();
        }
    }

    @Test
    void blocksFurtherLogOnsAfterARefusal() {
        assertThat(tried()).isEqualTo(Phase.AUTH);
        for (int i = 0; i < 100; i++) {
            assertThat(tried()).isEqualTo(Phase.BORROW);
        }
        assertThat(logOns).hasValue(1);
        assertThat(logOnBackoff.rest().orElseThrow().why()).contains("535 5.7.8 bad credentials");
    }

    @Test
    void doublesTheDelayUpToOneHour() {
        for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            assertThat(tried()).isEqualTo(Phase.AUTH);
            clock.advance(Duration.ofMinutes(minutes).minusSeconds(1));
            assertThat(tried()).isEqualTo(Phase.BORROW);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(logOns).hasValue(8);
    }

    @Test
    void backsOffOnlyAfterAPermanentLogOnRefusal() {
        for (Phase phase : new Phase[] {Phase.CONNECT, Phase.GREETING, Phase.STARTTLS}) {
            assertThatThrownBy(() -> logOnBackoff.open(() -> {
                        throw new SmtpException(phase, Reply.of(554, "no"), null);
                    }))
                    .isInstanceOf(SmtpException.class);
        }
        assertThatThrownBy(() -> logOnBackoff.open(() -> {
                    throw new SmtpException(Phase.AUTH, Reply.of(454, "4.7.0 later"), null);
                }))
                .isInstanceOf(SmtpException.class);
        assertThat(logOnBackoff.rest()).isEmpty();
    }
}
