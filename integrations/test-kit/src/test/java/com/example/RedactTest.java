package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.test.ComponentContract;
import io.sendport.test.SendportExtension;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedactTest {

    private final Redact redact = new Redact(Pattern.compile("\\d{16}"), Optional.empty());

    @RegisterExtension
    private final SendportExtension sendport =
            SendportExtension.port("Invoices", port -> port.from("billing@corp.example")
                    .to("accounts@customer.example")
                    .pipeline(pipeline -> pipeline.component(redact)));

    @Test
    void hidesCardNumbers() {
        assertThat(sendport.render("card 1234567812345678").mail().text())
                .contains("card ****")
                .doesNotContain("1234");
    }

    @Test
    void fulfillsTheContract() {
        ComponentContract.verify(redact);
    }
}
