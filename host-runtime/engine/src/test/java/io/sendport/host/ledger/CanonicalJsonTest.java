package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    @Test
    void writesTheFormOfRfc8785() {
        assertThat(CanonicalJson.of(Map.of("b", 1, "a", List.of("x", true, Map.of()), "\u20ac", "\u0001\b\n\"\\/é")))
                .isEqualTo("{\"a\":[\"x\",true,{}],\"b\":1,\"\u20ac\":\"\\u0001\\b\\n\\\"\\\\/é\"}");
    }

    @Test
    void sortsNamesByUtf16CodeUnits() {
        assertThat(CanonicalJson.of(Map.of("\ud83d\ude00", 1, "\ufb33", 2, "\u20ac", 3, "1", 4)))
                .isEqualTo("{\"1\":4,\"\u20ac\":3,\"\ud83d\ude00\":1,\"\ufb33\":2}");
    }

    @Test
    void refusesFractionsAndLargeIntegers() {
        assertThatThrownBy(() -> CanonicalJson.of(Map.of("n", 1L << 53))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.of(Map.of("n", 1.5))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mergesTheMembersOfTwoObjects() {
        assertThat(merged(Map.of("b", 1, "d", 2), Map.of("a", 3, "c", 4, "e", 5)))
                .isEqualTo("{\"a\":3,\"b\":1,\"c\":4,\"d\":2,\"e\":5}");
        assertThat(merged(Map.of(), Map.of())).isEqualTo("{}");
        assertThatThrownBy(() -> merged(Map.of("a", 1), Map.of("a", 1))).isInstanceOf(IllegalArgumentException.class);
    }

    private static String merged(Map<String, Object> one, Map<String, Object> other) {
        return new String(CanonicalJson.bytes(new TreeMap<>(one), new TreeMap<>(other)), StandardCharsets.UTF_8);
    }

    /** Also of halves of surrogate pairs, which are no characters. */
    @Property
    void isTheSameAsBytesAndAsText(@ForAll @CharRange(from = 0, to = 0xFFFF) String text) {
        assertThat(new String(CanonicalJson.bytes(List.of(text)), StandardCharsets.UTF_8))
                .isEqualTo(CanonicalJson.of(List.of(text)))
                .isEqualTo(CanonicalJson.of(
                        List.of(new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE))));
    }

    @Property
    void isReadBackByAnyParser(@ForAll Map<String, String> map) throws Exception {
        String json = CanonicalJson.of(map);
        Map<?, ?> back = new ObjectMapper().readValue(json, Map.class);
        assertThat(CanonicalJson.of(back)).isEqualTo(json);
    }
}
