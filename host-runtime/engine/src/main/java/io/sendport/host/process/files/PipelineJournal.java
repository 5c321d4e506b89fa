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
 * Keeps the messages in the pipelines of this process in a file that survives the process. Reads the messages that ended processes of
 * this machine left in their files. A store with a single process has one such file; a shared store has a folder with a file for each
 * process. Safe for use by several threads.
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
     * Opens the file of the only process on the store at {@code place}. Reads what the last process left in it.
     *
     * @throws IOException when the file cannot be read or written
     */
    public static PipelineJournal openExclusive(Path place) throws IOException {
        Path file = beside(place);
        List<Suspect> suspects = PipelineFile.readSuspects(file);
        return new PipelineJournal(PipelineFile.open(file), Optional.empty(), suspects, Map.of());
    }

    /**
     * Opens a file for the process {@code name}, one of several on the store at {@code place}. Reads and deletes the files of ended
     * processes.
     *
     * @throws IOException when the folder cannot be read or written
     */
    public static PipelineJournal openShared(Path place, String name) throws IOException {
        Path folder = beside(place);
        OwnerOnly.createFolder(folder);
        Map<String, List<Suspect>> suspects = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String process = String.valueOf(file.getFileName());
                if (!ProcessName.isRunning(process)) {
                    takeOver(file).ifPresent(found -> suspects.put(process, found));
                }
            }
        }
        Path file = folder.resolve(name);
        return new PipelineJournal(PipelineFile.open(file), Optional.of(file), List.of(), Map.copyOf(suspects));
    }

    /** Reads and deletes a file. Empty when another process that starts at the same time has done so. */
    private static Optional<List<Suspect>> takeOver(Path file) throws IOException {
        List<Suspect> suspects;
        try {
            suspects = PipelineFile.readSuspects(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        delete(file);
        return Optional.of(suspects);
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

    /** The messages that the last process left in the file; empty on a shared store. */
    public List<Suspect> ofLastProcess() {
        return ofLastProcess;
    }

    /**
     * The messages that a process left; empty unless it ran on this machine and ended before this process started.
     *
     * @param process a name from {@link ProcessName}, with a suffix if an instance was restarted in the same process
     */
    public Optional<List<Suspect>> suspectsOf(String process) {
        return ofEnded.entrySet().stream()
                .filter(each -> process.equals(each.getKey()) || process.startsWith(each.getKey() + "-"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Clears the messages that the last process left in the file of this process. Call this once they are stored elsewhere. */
    public void forgetLastProcess() {
        own.clear();
    }

    /** Clears or deletes the file: after an orderly end, no message in a pipeline is a suspect. */
    @Override
    public void close() {
        own.close();
        toDelete.ifPresent(PipelineJournal::delete);
    }
}
