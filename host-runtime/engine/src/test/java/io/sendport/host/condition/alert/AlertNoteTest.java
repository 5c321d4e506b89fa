package io.sendport.host.condition.alert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertNoteTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anna@customer.example",
                "anna@\u00FCbung.example",
                "j\u00F6rg@m\u00FCller.example",
                "\"john doe\"@x.example",
                "a+b@[192.0.2.1]"
            })
    void redactsEveryFormOfAnAddress(String address) {
        assertThat(AlertNote.withoutAddresses("550 <" + address + "> unknown")).isEqualTo("550 <[address]> unknown");
    }
}
