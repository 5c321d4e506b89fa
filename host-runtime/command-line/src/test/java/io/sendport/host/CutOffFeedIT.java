package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts share a database; the one that runs the feeds is cut off from it. Its feeds must not run beside those of the other. */
@Timeout(300)
@InTurn
class CutOffFeedIT {

    /** Ticks that the first host may still write before the test reads its file. */
    private static final int UNDER_WAY = 5;

    @TempDir
    private Path folder;

    private SilentProxy proxy;
    private String url;

    @BeforeEach
    void start() throws Exception {
        url = TestPostgres.newDatabase();
        String server = url.replaceFirst(".*:(\\d+)/.*", "$1");
        proxy = new SilentProxy(Integer.parseInt(server));
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
    }

    /** Its feed writes ticks to a file, for which it needs no database. */
    private RunningHost host(String machine, String database) throws Exception {
        Path own = Files.createDirectories(folder.resolve(machine));
        Files.writeString(own.resolve("feed.xml"), """
                <routes xmlns="http://camel.apache.org/schema/spring">
                  <route id="feed">
                    <from uri="timer:tick?period=100"/>
                    <setBody><constant>x</constant></setBody>
                    <to uri="file:%s?fileName=ticks&amp;fileExist=Append"/>
                  </route>
                </routes>
                """.formatted(own.toAbsolutePath()));
        return RunningHost.start(own, """
                <messageBox url='%s' user='postgres' lease='PT6S'/>
                <host name='H'><routes file='feed.xml'/></host>
                """.formatted(database));
    }

    private long ticks(String machine) throws IOException {
        Path file = folder.resolve(machine).resolve("ticks");
        return Files.exists(file) ? Files.size(file) : 0;
    }

    @Test
    void stopsItsFeedsBeforeTheOtherStartsThem() throws Exception {
        try (RunningHost one = host("one", url.replaceFirst(":\\d+/", ":" + proxy.port() + "/"));
                RunningHost two = host("two", url)) {
            Patience.until("the first runs the feeds", () -> ticks("one") > 5);
            assertThat(ticks("two")).isZero();

            proxy.cutOff();
            Patience.until("the other runs them", () -> ticks("two") > 0);
            long last = ticks("one");
            Patience.whileItHolds(
                    "the first runs no feeds", Duration.ofSeconds(3), () -> ticks("one") <= last + UNDER_WAY);
            assertThat(ticks("two")).isPositive();

            proxy.heal();
            Patience.until(
                    "the first works again, and knows that it does not lead",
                    () -> one.process().health().ready().values().stream().allMatch(String::isEmpty));
            assertThat(two.process().instanceIds()).hasSize(1);
            Patience.whileItHolds(
                    "only one runs the feeds", Duration.ofSeconds(2), () -> ticks("one") <= last + UNDER_WAY);
        }
    }
}
