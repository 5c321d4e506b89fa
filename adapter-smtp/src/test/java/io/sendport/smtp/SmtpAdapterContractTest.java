package io.sendport.smtp;

import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.test.AdapterContract;
import io.sendport.test.TestHost;
import io.sendport.testing.NobodysPort;
import io.sendport.testing.ScriptedServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SmtpAdapterContractTest extends AdapterContract {

    private static final String PASSWORD = "pa55-canary";

    @TempDir
    private Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext(false);
    private final SmtpAdapterFactory factory = new SmtpAdapterFactory();
    private final NobodysPort nobody = new NobodysPort();
    private ScriptedServer server;

    SmtpAdapterContractTest() throws Exception {}

    @BeforeEach
    void start() throws Exception {
        camel.disableJMX();
        camel.start();
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws Exception {
        factory.close();
        camel.stop();
        server.close();
        nobody.close();
    }

    private SendAdapter adapter(int port) throws Exception {
        Origin origin = new Origin(folder.resolve("sendport.xml"), 1, 1);
        Map<String, Setting> settings = new LinkedHashMap<>();
        Map.of(
                        "host", "127.0.0.1",
                        "port", Integer.toString(port),
                        "tls", "none",
                        "auth", "basic",
                        "user", "u",
                        "password", PASSWORD,
                        "allowClearText", "true")
                .forEach((name, value) -> settings.put(name, Setting.plain(value, origin)));
        return factory.create(
                new Settings("smtp", origin, settings, List.of(), ""),
                new TestHost(folder).lending(CamelContext.class, camel));
    }

    @Override
    protected SendAdapter adapter() throws Exception {
        return adapter(server.offering("250-test\r\n250 AUTH PLAIN").port());
    }

    @Override
    protected SendAdapter adapterToNobody() throws Exception {
        return adapter(nobody.number());
    }

    @Override
    protected Optional<SendAdapter> adapterRefusedForNow() throws Exception {
        server.on("RCPT", "451 4.3.0 later");
        return Optional.of(adapter());
    }

    @Override
    protected Optional<SendAdapter> adapterRefusedForGood() throws Exception {
        server.on("RCPT", "550 5.1.1 unknown");
        return Optional.of(adapter());
    }

    @Override
    protected int received() {
        return server.mails().size();
    }

    @Override
    protected Set<String> secrets() {
        return Set.of(PASSWORD);
    }
}
