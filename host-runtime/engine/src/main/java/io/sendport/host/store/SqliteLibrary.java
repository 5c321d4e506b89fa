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
 * Loads SQLite's native library. By default, the driver unpacks the library for each process into the folder for temporary files, and a
 * killed process leaves its copy there. This class unpacks it beside the store and deletes it after it is loaded. On operating systems
 * where a library that is in use cannot be deleted, such as Windows, the next process deletes it.
 */
public final class SqliteLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);
    private static final String UNPACK_TO = "org.sqlite.tmpdir";
    private static final List<String> SET_BY_OTHERS = List.of(UNPACK_TO, "org.sqlite.lib.path");

    /** Each process loads the library within this time after it has unpacked it. */
    private static final Duration MAX_LOAD_TIME = Duration.ofMinutes(1);

    private static boolean done;

    private SqliteLibrary() {}

    /**
     * Loads the library through {@code folder}, once for this process. Does nothing if system properties of the driver specify the
     * library's location, or if {@code folder} cannot be written: then the driver uses its default. Restores the system properties
     * afterwards.
     *
     * @param folder the folder of the store
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
            sweep(parent, Instant.now().minus(MAX_LOAD_TIME));
            Path own = Files.createTempDirectory(parent, ProcessHandle.current().pid() + "-");
            try {
                loadFrom(own);
            } finally {
                remove(own);
            }
        } catch (IOException e) {
            LOG.warn(
                    "Cannot use the folder {}, so SQLite's library is unpacked into the folder for temporary files. Nothing needs"
                            + " to be done if the message box opens",
                    parent,
                    e);
        }
    }

    /** Loads the library for the store in {@code file}, before the driver does. */
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
                    "Cannot load SQLite's library from {}, perhaps because its file system is mounted noexec. Trying the folder"
                            + " for temporary files; nothing needs to be done if the message box opens",
                    own,
                    e);
        } finally {
            System.clearProperty(UNPACK_TO);
        }
    }

    /** Deletes the libraries of killed processes. On some operating systems, libraries that are in use cannot be deleted. */
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
            // Another process deleted it first.
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
