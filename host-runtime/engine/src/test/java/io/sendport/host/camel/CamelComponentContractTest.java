package io.sendport.host.camel;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.message.Body;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.test.ComponentContract;
import io.sendport.test.TestHost;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class CamelComponentContractTest extends ComponentContract<MessageComponent> {

    private final DefaultCamelContext camel = new DefaultCamelContext(false);

    @BeforeEach
    void start() throws Exception {
        camel.disableJMX();
        camel.setStreamCaching(false);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:same").setHeader("Seen").constant("yes");
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Override
    protected MessageComponent component() {
        Origin origin = new Origin(Path.of("sendport.xml"), 1, 1);
        return new CamelComponentFactory()
                .create(
                        new Settings(
                                "camel", origin, Map.of("uri", Setting.plain("direct:same", origin)), List.of(), ""),
                        new TestHost(Path.of("")).lending(CamelContext.class, camel));
    }

    @Override
    protected Body body(int size) {
        return generated("", "text ", "", size);
    }
}
