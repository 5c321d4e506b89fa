package io.sendport.host.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.NewMessage;
import io.sendport.host.box.control.Actor;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code messages save} leaves in a folder: files for the operator's eyes, wherever the folder is. */
class SavedMessageTest {

    private static final Actor ACTOR = new Actor("me@here", "a test");

    @TempDir
    private Path folder;

    private MessageBox box;
    private Path there;

    @BeforeEach
    void openABoxAndAFolderForEverybody() throws IOException {
        box = TestBox.open(folder, new SettableClock(Instant.parse("2026-11-21T10:00:00Z")));
        there = Files.createDirectory(folder.resolve("shared"));
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void close() {
        box.close();
    }

    private MessageRow submit(String... fileNames) throws IOException {
        List<Part> parts = Stream.of(fileNames)
                .map(name -> Part.body("text/plain", Body.of("salaries", StandardCharsets.UTF_8))
                        .withFileName(name))
                .toList();
        MessageId id = MessageId.random();
        box.inbox()
                .put(new NewMessage(
                        id,
                        "P",
                        "H",
                        "",
                        box.clock().instant(),
                        Context.empty(),
                        parts,
                        Optional.empty(),
                        "test",
                        Map.of(),
                        Optional.empty()));
        return box.queries().byPrefix(id.value()).get(0);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void isReadableByItsOwnerOnlyInASharedFolder() throws IOException {
        List<Path> written = SavedMessage.write(box, submit("a.txt", "b.txt"), there, ACTOR);
        assertThat(written).hasSize(3);
        for (Path each : written) {
            assertThat(mode(each)).as(each.toString()).isEqualTo("rw-------");
        }
        assertThat(there.resolve("part-1-a.txt")).hasContent("salaries");
        try (Stream<Path> files = Files.list(there)) {
            assertThat(files).containsExactlyInAnyOrderElementsOf(written);
        }
    }

    @Test
    void doesNotReplaceAFileOrLink() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "untouched");
        MessageRow row = submit("a.txt", "b.txt");
        for (String name : List.of("context.json", "part-1-a.txt", "part-2-b.txt")) {
            Path there = Files.createDirectory(folder.resolve("with-" + name));
            Files.createSymbolicLink(
                    there.resolve(name), name.equals("part-2-b.txt") ? folder.resolve("none") : victim);

            assertThatThrownBy(() -> SavedMessage.write(box, row, there, ACTOR))
                    .as(name)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(there.resolve(name) + " already exists")
                    .hasMessageContaining("Nothing was written");
            assertThat(there.toFile().list()).containsExactly(name);
        }
        assertThat(victim).hasContent("untouched");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void keepsTheMessageThatWasSavedBefore() throws IOException {
        SavedMessage.write(box, submit("order.xml"), there, ACTOR);
        MessageRow second = submit("order.xml");

        assertThatThrownBy(() -> SavedMessage.write(box, second, there, ACTOR))
                .hasMessageContaining("context.json already exists")
                .hasMessageContaining(there.resolve(second.id().value()).toString());
    }

    @Test
    void shortensFileNamesToTheLimitOfTheFileSystem() throws IOException {
        String same = "x".repeat(3_000) + ".xml";
        List<Path> written = SavedMessage.write(box, submit(same, same, "\u00FC".repeat(300) + ".pdf"), there, ACTOR);
        assertThat(written).doesNotHaveDuplicates().hasSize(4).allMatch(Files::exists);
        assertThat(written.subList(1, 4))
                .allSatisfy(file -> assertThat(file.getFileName().toString().getBytes(StandardCharsets.UTF_8).length)
                        .isBetween(254, 255));
        assertThat(written.get(1).toString()).endsWith("x.xml");
        assertThat(written.get(3).toString()).endsWith("\u00FC.pdf");
    }

    @Test
    void explainsWhyAFolderCannotBeUsed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        MessageRow row = submit("a.txt");
        assertThatThrownBy(() -> SavedMessage.write(box, row, file, ACTOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("Cannot save message " + row.id())
                .hasMessageContaining(file + " is not a folder");
    }
}
