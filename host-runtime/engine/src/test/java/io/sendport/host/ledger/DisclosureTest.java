package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisclosureTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anna@customer.example",
                "anna@\u00FCbung.example",
                "j\u00F6rg@m\u00FCller.example",
                "\"john doe\"@x.example",
                "a+b@[192.0.2.1]"
            })
    void hidesEveryFormOfAnAddressInAReply(String address) {
        Disclosure hashed = new Disclosure(null, found -> "hidden", false);
        assertThat(hashed.of(Map.of("recipients", List.of(Map.of("reply", "550 <" + address + "> unknown")))))
                .isEqualTo(Map.of("recipients", List.of(Map.of("reply", "550 <hidden> unknown"))));
    }
}
