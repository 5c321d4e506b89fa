package io.sendport.host.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.settings.Origin;
import io.sendport.config.AuditDisclosure;
import io.sendport.config.HostSettings;
import io.sendport.host.camel.HostCamelContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The feeds of one host instance. */
class FeedsTest {

    @TempDir
    private Path folder;

    private final HostCamelContext camel = new HostCamelContext(
            "H",
            Map.of(),
            Set.of("P"),
            submission -> {
                throw new IllegalStateException("nothing is submitted here");
            },
            Clock.systemUTC());
    private final Feeds feeds = new Feeds("H", camel, settings -> {
        throw new IOException("no submission feed here");
    });

    @BeforeEach
    void start() {
        camel.start();
    }

    @AfterEach
    void close() {
        camel.close();
    }

    private HostSettings host(Path routes) {
        return new HostSettings(
                "H",
                new Origin(folder.resolve("sendport.xml"), 1, 1),
                Optional.empty(),
                List.of(routes),
                "",
                Optional.empty(),
                new AuditDisclosure(AuditDisclosure.Level.PLAIN, AuditDisclosure.Level.PLAIN),
                Optional.empty(),
                Optional.empty());
    }

    private Path routes(String xml) throws IOException {
        return Files.writeString(folder.resolve("feeds.xml"), xml);
    }

    @Test
    void runsReplacedFeedsOnceTheirFileIsCorrected() throws Exception {
        String valid = "<routes xmlns=\"http://camel.apache.org/schema/spring\"><route id=\"orders\">"
                + "<from uri=\"direct:orders\"/><to uri=\"sendport:P\"/></route></routes>";
        HostSettings host = host(routes(valid));
        feeds.load(host);
        feeds.run(true);
        routes("<routes");

        assertThatThrownBy(() -> feeds.replace(host)).isInstanceOf(HostCamelContext.FeedException.class);
        feeds.run(true);
        assertThat(feeds.areRunning()).isFalse();
        assertThat(feeds.fault()).contains("cannot load its feeds", "feeds.xml");

        routes(valid);
        feeds.run(true);
        assertThat(feeds.fault()).isEmpty();
        assertThat(feeds.areRunning()).isTrue();
    }
}
