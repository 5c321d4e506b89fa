package io.sendport.host.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class FeedWatchTest {

    @TempDir
    private Path folder;

    @Test
    void reportsAFeedThatCannotPollEvenAfterARestart() throws Exception {
        Path in = Files.createDirectory(folder.resolve("in"));
        Path file = folder.resolve("orders.xml");
        Files.writeString(
                file,
                "<routes xmlns='http://camel.apache.org/schema/spring'><route id='orders'><from uri='file:" + in
                        + "?autoCreate=false&amp;directoryMustExist=true&amp;initialDelay=10&amp;delay=10&amp;delete=true"
                        + "&amp;readLock=none&amp;idempotent=false'/><to uri='sendport:P'/></route></routes>");
        HostCamelContext camel = new HostCamelContext(
                "H",
                Map.of(),
                Set.of("P"),
                submission -> {
                    throw new AssertionError("nothing is submitted");
                },
                Clock.systemUTC());
        try {
            camel.addFeeds(List.of(file));
            camel.start();
            for (int i = 0; i < 2; i++) {
                camel.startFeeds();
                Files.delete(in);
                await(camel, true);
                Files.createDirectory(in);
                await(camel, false);
                camel.stopFeeds();
            }
            camel.removeFeeds();
            camel.addFeeds(List.of(file));
            camel.startFeeds();
            Files.delete(in);
            await(camel, true);
        } finally {
            camel.close();
        }
    }

    private static void await(HostCamelContext camel, boolean failing) throws Exception {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (camel.feedFaults().isEmpty() == failing) {
            assertThat(System.nanoTime())
                    .as("feed faults: " + camel.feedFaults())
                    .isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
