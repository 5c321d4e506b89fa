package io.sendport.host.operate;

import io.sendport.host.box.outbox.Outbox;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Severity;
import io.sendport.support.text.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Conditions of the outbox. */
public final class OutboxConditions {

    private static final Duration MAX_WAIT = Duration.ofMinutes(1);
    private static final String SUBJECT = "outbox";

    private OutboxConditions() {}

    /** The condition that the oldest submission has waited for more than a minute; empty if it has not. */
    public static Optional<Condition> waiting(Outbox outbox, Instant now) {
        return outbox.oldest()
                .filter(each -> each.since().isBefore(now.minus(MAX_WAIT)))
                .map(each -> Condition.of(
                        ConditionKind.SUBMISSIONS_WAITING,
                        SUBJECT,
                        Severity.ATTENTION,
                        each.since(),
                        each.port().isEmpty() ? "" : "the first is for " + Text.printable(each.port())));
    }
}
