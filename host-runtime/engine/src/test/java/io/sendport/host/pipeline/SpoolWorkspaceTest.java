package io.sendport.host.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.host.Leftovers;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolWorkspaceTest {

    private static final String SECRET = "IBAN DE02 1203 0000 0000 2020 51";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void spoolsLargeBodiesAndEncryptsThemIfConfigured(boolean isEncrypted) throws Exception {
        byte[] bytes = (SECRET + "\n").repeat(60_000).getBytes(StandardCharsets.US_ASCII);
        try (SpoolWorkspace workspace = new SpoolWorkspace(SpoolPlace.of(folder, isEncrypted))) {
            Body body = workspace.write(out -> out.write(bytes));
            Body other = workspace.write(out -> out.write(bytes));

            assertThat(Leftovers.of(SECRET, folder)).hasSize(isEncrypted ? 0 : 2);
            for (Body each : new Body[] {body, other, body}) {
                assertThat(each.size()).isEqualTo(bytes.length);
                try (InputStream in = each.open()) {
                    assertThat(in.readAllBytes()).isEqualTo(bytes);
                }
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    private long files() throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    @Test
    void spoolsBodiesWhenOtherMessagesUseTheMemory() throws Exception {
        SpoolPlace place = SpoolPlace.of(folder, false, new BodyMemory(2 << 20));
        byte[] large = new byte[200_000];
        byte[] small = new byte[1_000];
        try (SpoolWorkspace one = new SpoolWorkspace(place);
                SpoolWorkspace another = new SpoolWorkspace(place)) {
            try (SpoolWorkspace ended = new SpoolWorkspace(place)) {
                one.write(out -> out.write(large));
                ended.write(out -> out.write(large));
                assertThat(files()).as("there is memory for two").isZero();

                Body spooled = another.write(out -> {
                    out.write(large, 0, 50_000);
                    out.write(large, 50_000, 150_000);
                });
                assertThat(spooled.size()).isEqualTo(large.length);
                another.write(out -> out.write(small));
                assertThat(files())
                        .as("for a third there is none, but for a small one")
                        .isEqualTo(1);
            }
            another.write(out -> out.write(large));
            assertThat(files()).as("one has ended").isEqualTo(1);
        }
        assertThat(folder).isEmptyDirectory();
    }
}
