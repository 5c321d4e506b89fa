package io.sendport.component.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.Skipped;
import io.sendport.testing.Tool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.exceptions.FailException;

/** Verifiers of others: jDKIM at once, and dkimpy for all mails together at the end, where it is installed. For one thread. */
public final class Verifiers {

    private static final String DKIMPY = """
            import sys, dkim
            key = sys.argv[1].encode()
            for name in sys.argv[2:]:
                with open(name, 'rb') as f:
                    mail = f.read()
                try:
                    good = dkim.DKIM(mail).verify(dnsfunc=lambda name, timeout=5: key)
                except dkim.DKIMException:
                    good = False
                print('good' if good else 'bad')
            """;

    private final String record;
    private final List<byte[]> mails = new ArrayList<>();
    private final List<Boolean> expected = new ArrayList<>();

    /** Verifies with the key of this DNS record, whatever domain and selector a mail names. */
    public Verifiers(String record) {
        this.record = record;
    }

    /** Fails unless the signature is good. */
    public void requireGood(byte[] mail) throws IOException {
        keep(mail, true);
        try {
            assertThat(jdkim(mail)).isEqualTo(1);
        } catch (FailException e) {
            throw new AssertionError(e.getMessage() + "\n" + new String(mail, StandardCharsets.UTF_8), e);
        }
    }

    /** Fails when the signature is good. */
    public void requireBad(byte[] mail) throws IOException {
        keep(mail, false);
        try {
            assertThat(jdkim(mail)).as("signatures that are good").isZero();
        } catch (FailException e) {
            assertThat(e).hasMessageNotContaining("Unexpected exception");
        }
    }

    /** For a mail that jDKIM cannot judge. */
    public void keep(byte[] mail, boolean good) {
        mails.add(mail);
        expected.add(good);
    }

    private int jdkim(byte[] mail) throws IOException, FailException {
        return new DKIMVerifier((method, selector, token) -> List.of(record))
                .verify(new ByteArrayInputStream(mail))
                .size();
    }

    /** Has dkimpy judge all mails, in {@code folder}. */
    public void askDkimpy(Path folder) throws Exception {
        if (!Tool.answers("python3", "-c", "import dkim")) {
            Skipped.note("dkimpy is not installed, DKIM was verified by jDKIM only");
            return;
        }
        List<String> command = new ArrayList<>(List.of("python3", "-c", DKIMPY, record));
        for (byte[] each : mails) {
            command.add(Files.write(Files.createTempFile(folder, "dkim", ".eml"), each)
                    .toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.lines().toList())
                .isEqualTo(expected.stream().map(good -> good ? "good" : "bad").toList());
    }
}
