package io.sendport.host.process.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of ended processes on a shared store. */
class PipelineJournalTest {

    private static final String ENDED = "machine-2147483647-aaaa";
    private static final int SLOT = 256;

    @TempDir
    private Path folder;

    private Path place() {
        return folder.resolve("postgres");
    }

    private Path fileOf(String process) throws IOException {
        return Files.createDirectories(folder.resolve("postgres.in-hand")).resolve(process);
    }

    /** One slot with a message, a stage and a component, as {@code PipelineFile} describes it. */
    private void write(String process) throws IOException {
        byte[] bytes = new byte[SLOT];
        int at = 0;
        bytes[at++] = 1;
        for (String text : new String[] {"0c1f0000-0000-8000-8000-000000000000", "preAssemble", "example.Poison"}) {
            byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
            bytes[at++] = (byte) ascii.length;
            System.arraycopy(ascii, 0, bytes, at, ascii.length);
            at += ascii.length;
        }
        Files.write(fileOf(process), bytes);
    }

    @Test
    void returnsTheSuspectsOfAnEndedProcessAndDeletesItsFile() throws IOException {
        write(ENDED);
        try (PipelineJournal journal = PipelineJournal.openShared(place(), ProcessName.create())) {
            assertThat(journal.suspectsOf(ENDED))
                    .hasValueSatisfying(left -> assertThat(left).singleElement().satisfies(each -> {
                        assertThat(each.stage()).isEqualTo("preAssemble");
                        assertThat(each.component()).isEqualTo("example.Poison");
                    }));
            assertThat(journal.suspectsOf("machine-2147483647-bbbb"))
                    .as("nothing is known of it")
                    .isEmpty();
        }
        assertThat(fileOf(ENDED)).doesNotExist();
    }

    /** The first process of a container has the id of the one before it. */
    @Test
    void treatsAnEarlierProcessWithTheSameIdAsEnded() throws IOException {
        String before = ProcessName.create().replaceFirst("....$", "zzzz");
        write(before);
        try (PipelineJournal journal = PipelineJournal.openShared(place(), ProcessName.create())) {
            assertThat(journal.suspectsOf(before)).isPresent();
        }
    }

    @Test
    void keepsTheFilesOfRunningProcesses() throws IOException {
        String other =
                "machine-" + ProcessHandle.current().parent().orElseThrow().pid() + "-aaaa";
        String own = ProcessName.create();
        write(other);
        write(own);
        try (PipelineJournal journal = PipelineJournal.openShared(place(), ProcessName.create())) {
            assertThat(journal.suspectsOf(other)).isEmpty();
            assertThat(journal.suspectsOf(own))
                    .as("another engine in this process")
                    .isEmpty();
        }
        assertThat(fileOf(other)).exists();
        assertThat(fileOf(own)).exists();
    }

    @Test
    void findsTheSuspectsOfARestartedInstance() throws IOException {
        write(ENDED);
        try (PipelineJournal journal = PipelineJournal.openShared(place(), ProcessName.create())) {
            assertThat(journal.suspectsOf(ENDED + "-3bc2")).isPresent();
        }
    }
}
