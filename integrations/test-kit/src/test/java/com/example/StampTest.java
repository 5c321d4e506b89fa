package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.test.ComponentContract;
import io.sendport.test.TestHost;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A stranger's component keeps the contract. */
class StampTest {

    @Test
    void fulfillsTheContract() {
        TestHost host = new TestHost(Path.of(""));
        ComponentContract.verify(new Stamp("stamped", host));
        assertThat(host.counted).isNotEmpty();
    }
}
