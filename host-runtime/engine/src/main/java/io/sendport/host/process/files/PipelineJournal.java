package io.sendport.host.process.files;

import io.sendport.host.box.Suspects.Suspect;
import io.sendport.host.run.PipelineFile;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages in the pipelines of this process, in a file that survives it, and the messages that ended processes of this machine
 * left in their files. A store with a single process has one such file; a shared store has a folder, with a file for each process.
 * Safe for use by several threads.
 */
public final class PipelineJournal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineJournal.class);

    private final PipelineFile own;
    private final Optional<Path> toDelete;
    private final List<Suspect> ofLastProcess;
    private final Map<String, List<Suspect>> ofEnded;

    private PipelineJournal(
            PipelineFile own,
            Optional<Path> toDelete,
            List<Suspect> ofLastProcess,
            Map<String, List<Suspect>> ofEnded) {
        this.own = own;
        this.toDelete = toDelete;
        this.ofLastProcess = ofLastProcess;
        this.ofEnded = ofEnded;
    }

    /**
     * The file of the only process on the store at {@code place}.
     *
     * @throws IOException when it cannot be read or written
     */
    public static PipelineJournal alone(Path place) throws IOException {
        Path file = beside(place);
        List<Suspect> left = PipelineFile.left(file);
        return new PipelineJournal(PipelineFile.begin(file), Optional.empty(), left, Map.of());
    }

    /**
     * The file of the process {@code name}, one of several on the store at {@code place}. Reads and deletes the files of ended
     * processes.
     *
     * @throws IOException when the folder cannot be read or written
     */
    public static PipelineJournal shared(Path place, String name) throws IOException {
        Path folder = beside(place);
        OwnerOnly.createFolder(folder);
        Map<String, List<Suspect>> left = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String process = String.valueOf(file.getFileName());
                if (!ProcessName.isRunning(process)) {
                    takeOver(file).ifPresent(suspects -> left.put(process, suspects));
                }
            }
        }
        Path file = folder.resolve(name);
        return new PipelineJournal(PipelineFile.begin(file), Optional.of(file), List.of(), Map.copyOf(left));
    }

    /** Empty when another process that starts at the same time took it. */
    private static Optional<List<Suspect>> takeOver(Path file) throws IOException {
        List<Suspect> left;
        try {
            left = PipelineFile.left(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        delete(file);
        return Optional.of(left);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("cannot delete {}; the next process on this machine deletes it", file, e);
        }
    }

    private static Path beside(Path place) {
        return place.resolveSibling(place.getFileName() + ".in-hand");
    }

    /** The file of this process. */
    public PipelineFile own() {
        return own;
    }

    /** What the last process left, on a store with a single one. */
    public List<Suspect> ofLastProcess() {
        return ofLastProcess;
    }

    /**
     * The messages that a process left; empty unless it ran on this machine and ended before this process started.
     *
     * @param process a name that {@link ProcessName} made; an instance that began again in the same process has a suffix
     */
    public Optional<List<Suspect>> of(String process) {
        return ofEnded.entrySet().stream()
                .filter(each -> process.equals(each.getKey()) || process.startsWith(each.getKey() + "-"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Clears what the last process left in the file that this one uses, after it was stored elsewhere. */
    public void forgetLastProcess() {
        own.forget();
    }

    /** After an orderly end none of the messages in hand is a suspect. */
    @Override
    public void close() {
        own.close();
        toDelete.ifPresent(PipelineJournal::delete);
    }
}
