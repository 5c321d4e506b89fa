package io.sendport.host.camel;

import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.test.AdapterContract;
import io.sendport.test.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class CamelAdapterContractTest extends AdapterContract {

    @TempDir
    private Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext(false);
    private final CamelAdapterFactory factory = new CamelAdapterFactory();

    @BeforeEach
    void start() {
        camel.disableJMX();
        camel.start();
    }

    @AfterEach
    void stop() {
        factory.close();
        camel.stop();
    }

    private SendAdapter adapter(String uri) {
        Origin origin = new Origin(folder.resolve("sendport.xml"), 1, 1);
        return factory.create(
                new Settings("camel", origin, Map.of("uri", Setting.plain(uri, origin)), List.of(), ""),
                new TestHost(folder).lending(CamelContext.class, camel));
    }

    @Override
    protected SendAdapter adapter() {
        return adapter("file:" + folder.resolve("out") + "?tempPrefix=part-");
    }

    @Override
    protected SendAdapter adapterToNobody() {
        return adapter("direct:nobody?block=false");
    }

    @Override
    protected int received() throws Exception {
        if (!Files.isDirectory(folder.resolve("out"))) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            return (int) files.filter(each -> !each.getFileName().toString().startsWith("part-"))
                    .count();
        }
    }
}
