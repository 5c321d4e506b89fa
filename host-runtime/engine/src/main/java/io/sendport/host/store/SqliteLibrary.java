package io.sendport.host.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * SQLite's native library. The driver unpacks it into a file for each process, by default in the folder for temporary files, where a
 * process that is killed leaves it. Here it goes into a folder beside the store, and is deleted as soon as it is loaded; where the
 * operating system keeps a library that is in use, as Windows does, the next process deletes it.
 */
public final class SqliteLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);
    private static final String UNPACK_TO = "org.sqlite.tmpdir";
    private static final List<String> SET_BY_OTHERS = List.of(UNPACK_TO, "org.sqlite.lib.path");

    /** Nobody takes longer from unpacking to loading. */
    private static final Duration LOADED_BY_THEN = Duration.ofMinutes(1);

    private static boolean done;

    private SqliteLibrary() {}

    /**
     * Loads the library by way of {@code folder}, once for this process. Does nothing where the system properties of the driver say where
     * the library is, or {@code folder} can't be written: then the driver loads it as it would without this class. The system properties
     * are afterwards as they were.
     *
     * @param folder of the store
     */
    public static synchronized void load(Path folder) {
        if (done) {
            return;
        }
        done = true;
        if (SET_BY_OTHERS.stream().anyMatch(name -> System.getProperty(name) != null) || !Files.isWritable(folder)) {
            return;
        }
        Path parent = folder.resolve("sqlite-native");
        try {
            OwnerOnly.createFolder(parent);
            sweep(parent, Instant.now().minus(LOADED_BY_THEN));
            Path own = Files.createTempDirectory(parent, ProcessHandle.current().pid() + "-");
            try {
                loadFrom(own);
            } finally {
                remove(own);
            }
        } catch (IOException e) {
            LOG.warn("SQLite's library goes to the folder for temporary files, since {} can't be used", parent, e);
        }
    }

    /** Loads it for the store in {@code file}, before the driver does. */
    static void loadFor(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            load(folder);
        }
    }

    private static void loadFrom(Path own) {
        System.setProperty(UNPACK_TO, own.toString());
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception | LinkageError e) {
            LOG.warn(
                    "SQLite's library can't be loaded from {} (is that mounted noexec?); trying the folder for temporary files",
                    own,
                    e);
        } finally {
            System.clearProperty(UNPACK_TO);
        }
    }

    /** Deletes what processes left that were killed, or that run where a library in use stays; theirs can't be deleted yet. */
    static void sweep(Path parent, Instant before) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(parent)) {
            for (Path each : left) {
                if (isOlder(each, before)) {
                    remove(each);
                }
            }
        }
    }

    private static boolean isOlder(Path folder, Instant before) {
        try {
            return Files.getLastModifiedTime(folder).toInstant().isBefore(before);
        } catch (IOException e) {
            // Another process swept it.
            return false;
        }
    }

    private static void remove(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.debug("{} is in use or was removed meanwhile", folder, e);
        }
    }
}
