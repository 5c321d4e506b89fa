package io.sendport.host.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.host.Leftovers;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolWorkspaceTest {

    private static final String SECRET = "IBAN DE02 1203 0000 0000 2020 51";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsWhatOutgrowsMemoryInAFileThatOnlyThisProcessReadsWhereItIsEncrypted(boolean isEncrypted)
            throws Exception {
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
}
