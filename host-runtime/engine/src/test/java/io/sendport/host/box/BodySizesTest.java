package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.settings.Origin;
import io.sendport.api.submit.Receipt;
import io.sendport.config.BodyKeySettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.body.BodyStore;
import io.sendport.testing.DeepTries;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** An encrypted body comes back whole, whatever its size: in its row, and in up to three chunks, at every edge of one. */
@AddLifecycleHook(DeepTries.class)
class BodySizesTest {

    private static final SettableClock CLOCK = new SettableClock();
    private static final int CHUNK = 512 * 1024;
    private static Path folder;
    private static MessageBox box;

    @BeforeContainer
    static void open() throws IOException {
        folder = Files.createTempDirectory("sendport-sizes");
        Path keys = Files.writeString(folder.resolve("body.keys"), BodyKeysContract.key("k1", 1));
        box = TestBox.open(
                TestBox.encrypted(
                        TestBox.settings(folder),
                        new BodyKeySettings(keys, Optional.empty(), new Origin(Path.of("sendport.xml"), 1, 1))),
                CLOCK);
    }

    @AfterContainer
    static void close() throws IOException {
        box.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    @Provide
    Arbitrary<Integer> sizes() {
        Arbitrary<Integer> edges = Arbitraries.of(
                        0, BodyStore.INLINE, BodyStore.INLINE + CHUNK, BodyStore.INLINE + 2 * CHUNK)
                .flatMap(edge -> Arbitraries.integers().between(Math.max(0, edge - 3), edge + 3));
        return Arbitraries.oneOf(
                edges,
                Arbitraries.integers().between(0, 4000),
                Arbitraries.integers().between(0, BodyStore.INLINE + 2 * CHUNK));
    }

    @Property(tries = 200)
    void readsBackABodyOfAnySize(@ForAll("sizes") int size) throws Exception {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Receipt receipt = TestBox.submit(box, CLOCK, "P", Body.wrapping(bytes), Optional.empty());
        MessageRow row = box.claims().claim("P", "i", 1).get(0);
        assertThat(row.id()).isEqualTo(receipt.id());
        try (InputStream in = box.inbox().load(row).parts().get(0).body().open()) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        box.attempts().consumed(row, "i", "test", "[]");
    }
}
