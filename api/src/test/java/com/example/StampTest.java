package com.example;

import io.sendport.api.message.Body;
import io.sendport.test.ComponentContract;
import io.sendport.test.TestHost;
import java.nio.file.Path;

/** A stranger's component keeps the contract. */
class StampTest extends ComponentContract<Stamp> {

    @Override
    protected Stamp component() {
        return new Stamp("stamped", new TestHost(Path.of("")));
    }

    @Override
    protected Body body(int size) {
        return generated("", "text ", "", size);
    }
}
