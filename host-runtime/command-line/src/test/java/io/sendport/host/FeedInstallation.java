package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.testing.Patience;
import io.sendport.testing.Skipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An installation of a test's own, whose {@code feeds/lib} is filled as docs/feeding-from-camel.md says. */
final class FeedInstallation {

    private static final Path PAGE = Path.of("../../docs/feeding-from-camel.md");

    private FeedInstallation() {}

    /**
     * Made in {@code folder}, with what the page's POM names.
     *
     * @param pom makes another of it
     */
    static Installation in(Path folder, UnaryOperator<String> pom) throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path original = Installed.SCRIPT.getParent().getParent();
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("feeds/lib"));
        Path script = Files.copy(Installed.SCRIPT, home.resolve("bin/sendport"));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(home.resolve("lib"), original.resolve("lib"));
        shell(
                folder.resolve("feeds"),
                pom.apply(onThePage("(?s)```xml\n(<project.*?)```")),
                onThePage("(?m)(^    mvn dependency:copy.*\n(?:    .*\n)+)"),
                home);
        return new Installation(script, Map.of());
    }

    /** The first that fits on the page. */
    static String onThePage(String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(Files.readString(PAGE));
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }

    /** The jars that a POM names, for a class path. */
    static String jars(Path folder, Path pom) throws Exception {
        shell(
                folder,
                Files.readString(pom),
                "mvn dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=found",
                folder);
        return folder.resolve("found") + "/*";
    }

    private static void shell(Path where, String pom, String commands, Path home) throws Exception {
        Files.createDirectories(where);
        Files.writeString(where.resolve("pom.xml"), pom);
        boolean offline = "offline true".equals(System.getProperty("sendport.build"));
        String maven = "mvn -B -q" + (offline ? " -o" : "") + " -Dmaven.repo.local='"
                + System.getProperty("sendport.repository", "").replace("in ", "") + "' ";
        ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", commands.replace("mvn ", maven))
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(where.resolve("log").toFile());
        builder.environment().put("SENDPORT_HOME", home.toString());
        Process shell = builder.start();
        Patience.untilEnd(shell);
        if (shell.exitValue() != 0 && offline) {
            Skipped.note("feeds with a real broker (Maven is offline and does not have its jars)");
            assumeTrue(false, "the jars of a broker");
        }
        assertThat(shell.exitValue()).as(Files.readString(where.resolve("log"))).isZero();
    }
}
