package io.sendport.host.process;

import io.sendport.host.box.Claims;
import io.sendport.host.box.MessageRow;
import io.sendport.host.decide.Terms;
import io.sendport.host.run.Dispatcher;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recovers messages that an instance has claimed but none of its threads processes. For one thread at a time. */
final class LostClaims {

    private static final Logger LOG = LoggerFactory.getLogger(LostClaims.class);

    private final Claims claims;
    private final String instance;
    private final Dispatcher dispatcher;
    private Set<Long> missing = Set.of();

    /** Recovers the claims of {@code instance}, whose {@code dispatcher} knows the messages in progress. */
    LostClaims(Claims claims, String instance, Dispatcher dispatcher) {
        this.claims = claims;
        this.instance = instance;
        this.dispatcher = dispatcher;
    }

    /**
     * Abandons the claims of messages that were not in progress in this call and the previous one. Their work may have ended before it
     * started, or the answer to a claim may have been lost.
     *
     * @param terms gives the retry and backup terms of a message
     */
    void recover(Function<MessageRow, Terms> terms) {
        List<MessageRow> leased = claims.leasedBy(instance);
        Set<Long> inProgress = dispatcher.inProgress();
        Set<Long> now = new HashSet<>();
        for (MessageRow row : leased) {
            if (inProgress.contains(row.seq())) {
                continue;
            }
            if (missing.contains(row.seq())) {
                LOG.error(
                        "Instance {} has a lease on message {}, but none of its threads works on it. Sendport claims the message again."
                                + " If an attempt was in progress, nobody knows whether the mail left, and inDoubt of <retry> decides:"
                                + " Sendport sends it again, or the message waits for you in state inDoubt. If this repeats, report it to the"
                                + " developers of Sendport",
                        instance,
                        row.id());
                claims.abandon(row, instance, terms.apply(row));
            } else {
                now.add(row.seq());
            }
        }
        missing = now;
    }
}
