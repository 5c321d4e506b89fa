package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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
    void refusesNumbersThatNotEveryReaderHasExactly() {
        assertThatThrownBy(() -> CanonicalJson.of(Map.of("n", 1L << 53))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.of(Map.of("n", 1.5))).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void isReadBackByAnyParser(@ForAll Map<String, String> map) throws Exception {
        String json = CanonicalJson.of(map);
        Map<?, ?> back = new ObjectMapper().readValue(json, Map.class);
        assertThat(CanonicalJson.of(back)).isEqualTo(json);
    }
}
