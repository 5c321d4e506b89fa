package io.sendport.config.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Context;
import io.sendport.config.port.Match.Operator;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchTest {

    private static boolean holds(Operator operator, String has, String wanted) {
        return new Match("P", operator, wanted).holds(Context.of(Map.of("P", has)));
    }

    @ParameterizedTest
    @CsvSource({
        "EQUALS,3,3.0,true",
        "EQUALS,abc,ABC,false",
        "NOT_EQUALS,3,4,true",
        "NOT_EQUALS,x,x,false",
        "LESS,9,10,true",
        "LESS,b,a,false",
        "LESS_OR_EQUAL,10,10,true",
        "GREATER,10,9,true",
        "GREATER_OR_EQUAL,-1,0,false",
        "GREATER,2026-11-21T10:00:00Z,2026-11-21T09:30:00.5Z,true",
        "EXISTS,anything,'',true"
    })
    void comparesLikeBizTalkFilters(Operator operator, String has, String wanted, boolean holds) {
        assertThat(holds(operator, has, wanted)).isEqualTo(holds);
    }

    @Test
    void matchesNothingWithoutTheProperty() {
        for (Operator operator : Operator.values()) {
            assertThat(new Match("P", operator, "x").holds(Context.empty())).isFalse();
        }
    }

    @Property(tries = 500)
    void oppositeOperatorsNeverAgree(@ForAll String has, @ForAll String wanted) {
        assertThat(holds(Operator.EQUALS, has, wanted)).isNotEqualTo(holds(Operator.NOT_EQUALS, has, wanted));
        assertThat(holds(Operator.LESS, has, wanted)).isNotEqualTo(holds(Operator.GREATER_OR_EQUAL, has, wanted));
    }

    @Test
    void aSubscriptionMatchesWhenAllConditionsOfAGroupHold() {
        Subscription subscription = new Subscription(List.of(
                List.of(new Match("A", Operator.EQUALS, "1"), new Match("B", Operator.EXISTS, "")),
                List.of(new Match("C", Operator.EQUALS, "1"))));
        assertThat(subscription.wants(Context.of(Map.of("A", "1")))).isFalse();
        assertThat(subscription.wants(Context.of(Map.of("A", "1", "B", "x")))).isTrue();
        assertThat(subscription.wants(Context.of(Map.of("C", "1")))).isTrue();
    }
}
