package io.sendport.smtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Outcome;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReplyPolicyTest {

    @Property
    void onlyTheFinalReplyMakesADeliveryAcceptedOrInDoubt(@ForAll Phase phase, @ForAll @IntRange(max = 599) int code) {
        Outcome outcome = ReplyPolicy.outcome(phase, new Reply(code, "", "text"));
        if (phase != Phase.FINAL_REPLY) {
            assertThat(outcome).isNotIn(Outcome.ACCEPTED, Outcome.IN_DOUBT);
        }
        if (code >= 400 && code < 500) {
            assertThat(outcome).isEqualTo(Outcome.DEFERRED);
        }
    }

    @Property
    void serverTextCannotForgeALine(@ForAll String text) {
        assertThat(Reply.of(550, text).toString())
                .doesNotContain("\n")
                .doesNotContain("\r")
                .doesNotContain("\u001b");
    }
}
