package io.sendport.host.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.testing.DeepTries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a message brings where a path may hold a value: a mail holds the files of the folder for it and no others, and no file is written. */
@AddLifecycleHook(DeepTries.class)
class ContentNamesNoFileTest {

    /** In every file that no message may have. */
    private static final String OUTSIDE = "canary-outside";
    /** In every file that a message may have. */
    private static final String INSIDE = "canary-inside";

    private static final Map<String, String> PLACES = places();

    private static Path top;
    private static Path folder;
    private static TestPorts ports;
    private static Map<Path, String> before;
    private static int sent;
    private static int refused;

    private static Map<String, String> places() {
        Map<String, String> places = new TreeMap<>();
        places.put("AttachName", "<attach file='files/%H%'/>");
        places.put("AttachMiddle", "<attach file='files/%H%.txt'/>");
        places.put("AttachFolder", "<attach file='files/%H%/a.txt'/>");
        places.put("AttachTwice", "<attach file='files/%H%/%H%.txt'/>");
        places.put("AttachJoined", "<attach file='files/%H%%H%'/>");
        places.put("AttachSkip", "<attach file='files/%H%' missing='skip'/>");
        places.put("AttachIn", "<attach folder='files' file='%H%'/>");
        places.put("AttachInBelow", "<attach folder='files' file='sub/%H%'/>");
        places.put("BodyName", "<body file='files/%H%'/>");
        places.put("BodyMiddle", "<body file='files/%H%.txt'/>");
        places.put("BodyIn", "<body folder='files' file='%H%'/>");
        places.put("Attachments", "<attach folder='files'/>");
        places.put("BodyFile", "<body folder='files'/>");
        places.put("NoFolder", "<attach parts='all' name='%H%'/>");
        return places;
    }

    @BeforeContainer
    static void makeFiles() throws Exception {
        top = Files.createTempDirectory("content-names-no-file-").toRealPath();
        folder = Files.createDirectories(top.resolve("conf"));
        for (String file : List.of("files/a.txt", "files/b", "files/sub/a.txt", "files/sub/sub.txt", "files/ü.txt")) {
            write(folder.resolve(file), INSIDE);
        }
        for (String file : List.of(
                "secret.txt", "files.txt", "private/a.txt", "../secret.txt", "../above/a.txt", "filesecret/a.txt")) {
            write(folder.resolve(file), OUTSIDE);
        }
        Files.createSymbolicLink(folder.resolve("files/link.txt"), Path.of("../secret.txt"));
        Files.createSymbolicLink(folder.resolve("files/linked"), Path.of("../private"));
        Files.createSymbolicLink(folder.resolve("files/loop"), Path.of("loop"));
        Files.createSymbolicLink(folder.resolve("files/root"), Path.of("/"));
        StringBuilder content = new StringBuilder("<host name='H'><smtp host='127.0.0.1' tls='none'/></host>"
                + "<pipeline name='Plain'><assemble><mime contentTransferEncoding='8bit'/></assemble></pipeline><!-- "
                + OUTSIDE
                + " -->");
        PLACES.forEach((name, inside) -> {
            boolean dynamic = List.of("Attachments", "BodyFile", "NoFolder").contains(name);
            content.append("<sendPort name='").append(name).append("' host='H' pipeline='Plain'>");
            content.append(
                    dynamic
                            ? "<dynamic domains='*'/><mail from='a@corp.example'>"
                            : "<mail from='a@corp.example' to='b@corp.example'>");
            content.append(name.startsWith("B") ? "" : "<body text='x'/>")
                    .append(inside)
                    .append("</mail></sendPort>");
        });
        ports = new TestPorts(folder, content.toString());
        before = tree();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.normalize().getParent());
        Files.writeString(file.normalize(), text);
    }

    /** Everything there is, with its content. */
    private static Map<Path, String> tree() throws IOException {
        Map<Path, String> tree = new TreeMap<>();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.toList()) {
                tree.put(file, Files.isRegularFile(file) ? Files.readString(file) : "");
            }
        }
        return tree;
    }

    @AfterContainer
    static void end() throws Exception {
        ports.close();
        assertThat(tree()).isEqualTo(before);
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertThat(sent).as("mails with a file").isGreaterThan(20);
        assertThat(refused).as("messages without a mail").isGreaterThan(100);
    }

    @Provide
    Arbitrary<String> values() {
        List<String> pieces = new ArrayList<>(List.of(
                "a",
                "b",
                ".txt",
                "sub",
                "files",
                "link",
                "linked",
                "root",
                "loop",
                "secret",
                "private",
                "above",
                "conf",
                "sendport.xml",
                "spool",
                "/",
                "//",
                "\\",
                "..",
                "../",
                "..\\",
                ".",
                "./",
                "...",
                " ",
                "..;/",
                "~",
                ":",
                "C:",
                "|",
                "*",
                "?",
                "\0",
                "\r\n",
                "%2e%2e%2f",
                "%H%",
                "%MessageID%",
                "\u2024\u2024",
                "\u2025",
                "\uFF0F",
                "\u2215",
                "\u202E",
                "\uD800",
                "ü",
                "/etc/passwd",
                "/proc/self/environ",
                "/dev/stdin",
                "file:///etc/passwd",
                "x".repeat(300)));
        pieces.add(top.toString());
        pieces.add(folder.resolve("secret.txt").toString());
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "a.txt", "b", "a", "sub", "sub/a.txt", "ü.txt", "link.txt", "linked/a.txt", "../secret.txt"),
                Arbitraries.of(pieces).list().ofMinSize(1).ofMaxSize(5).map(list -> String.join("", list)),
                HostileValues.any());
    }

    @Property
    void aValueCannotSelectAFileOutsideTheFolder(@ForAll("values") String value) throws Exception {
        for (String place : PLACES.keySet()) {
            Map<String, Object> properties = new TreeMap<>(Map.of("H", value, "SMTP.To", "b@corp.example"));
            if (!place.equals("BodyFile")) {
                properties.put("SMTP.Attachments", value);
            }
            if (place.equals("BodyFile")) {
                properties.put("SMTP.EmailBodyFile", value);
            }
            Message message = new Message(
                    MessageId.random(),
                    Instant.parse("2026-11-21T08:00:00Z"),
                    Context.of(properties),
                    List.of(Part.body("text/plain", Body.of("content", StandardCharsets.US_ASCII))));
            try {
                String mail = WireView.of(ports.run(place, message).deliveries().get(0))
                        .text();
                assertThat(mail).as(place).doesNotContain(OUTSIDE, "root:", "PATH=");
                sent += mail.contains(INSIDE) ? 1 : 0;
                assertThat(place.equals("NoFolder")
                                && !value.replaceAll("[|\\s]", "").isEmpty())
                        .as("SMTP.Attachments counted for nothing")
                        .isFalse();
            } catch (PipelineException e) {
                assertThat(e.getMessage())
                        .as(place)
                        .doesNotContain(OUTSIDE, INSIDE, "root:", "PATH=", "\r", "\n", "\0", "\u2028");
                refused++;
            }
        }
    }
}
