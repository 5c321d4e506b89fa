package io.sendport.component.smime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.Skipped;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** OpenSSL's command line, where it is installed. */
final class Openssl {

    private static final boolean FOUND = found();

    private Openssl() {}

    private static boolean found() {
        try {
            return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
        } catch (Exception e) {
            Skipped.note("openssl is not installed, S/MIME was read by the independent reader alone");
            return false;
        }
    }

    static boolean isFound() {
        return FOUND;
    }

    static byte[] decrypt(Path folder, byte[] mail, Path key, Path certificate, String... more) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("cms", "-decrypt", "-binary", "-inkey", key.toString(), "-recip", certificate.toString()));
        command.addAll(List.of(more));
        return ran(folder, mail, command);
    }

    static byte[] verify(Path folder, byte[] mail, Path authority) throws Exception {
        return ran(folder, mail, List.of("cms", "-verify", "-CAfile", authority.toString(), "-purpose", "any"));
    }

    private static byte[] ran(Path folder, byte[] mail, List<String> arguments) throws Exception {
        Path in = Files.write(Files.createTempFile(folder, "in", ".eml"), mail);
        Path out = Files.createTempFile(folder, "out", ".bin");
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        command.addAll(List.of("-in", in.toString(), "-out", out.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + "\n" + said)
                .isZero();
        byte[] bytes = Files.readAllBytes(out);
        Files.delete(in);
        Files.delete(out);
        return bytes;
    }
}
