package io.sendport.smtp.wire;

import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import java.util.EnumMap;
import java.util.Map;

/**
 * The result for one recipient, in SMTP terms.
 *
 * @param address the recipient
 * @param outcome accepted, deferred, refused or in doubt
 * @param phase the phase in which it was decided
 * @param reply the reply that decided it
 */
public record Answer(MailAddress address, Outcome outcome, Phase phase, Reply reply) {

    private static final Map<Phase, Facts> FACTS = new EnumMap<>(Phase.class);

    static {
        for (Phase each : Phase.values()) {
            FACTS.put(each, Facts.of(Facts.PHASE, each.name()));
        }
    }

    /** The result for the engine. */
    public RecipientResult result() {
        return new RecipientResult(
                address, outcome, handover(), reply.toString(), FACTS.getOrDefault(phase, Facts.NONE));
    }

    /** A server has the whole mail only after the final dot. */
    private Handover handover() {
        return switch (outcome) {
            case ACCEPTED -> Handover.HANDED_OVER;
            case IN_DOUBT -> Handover.UNKNOWN;
            case DEFERRED, REFUSED -> phase == Phase.FINAL_REPLY ? Handover.HANDED_OVER : Handover.NOT_HANDED_OVER;
        };
    }
}
