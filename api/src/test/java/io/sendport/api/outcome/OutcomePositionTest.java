package io.sendport.api.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomePositionTest {

    @Test
    void movesInOneLaneAndKeepsTheOthers() {
        OutcomePosition position = OutcomePosition.BEGIN.at(7, 3).at(0, 12).at(7, 4);
        assertThat(position.value()).isEqualTo("0:12,7:4");
        assertThat(position.seq(7)).isEqualTo(4);
        assertThat(position.seq(1)).isZero();
        assertThat(new OutcomePosition(position.value())).isEqualTo(position);
    }

    @Test
    void readsTwoThousandLanes() {
        String lanes = IntStream.range(0, 2_000).mapToObj(lane -> lane + ":1").collect(Collectors.joining(","));
        assertThat(new OutcomePosition(lanes).seq(1_999)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1:", ":1", "1:2,", "a:b", "1:2;3:4", "-1:2", "1:12345678901234567890", "Now"})
    void rejectsInvalidText(String text) {
        assertThatThrownBy(() -> new OutcomePosition(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
