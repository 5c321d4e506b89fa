package io.sendport.host.process;

import io.sendport.config.Configuration;
import io.sendport.config.FilePattern;
import io.sendport.config.HostSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Detects changes of the files of a configuration: its own files, the files that they name, and new files that match a pattern. A
 * change counts when two checks in a row find the same state, so that no file is read while it is written. Other files in the same
 * folders are ignored. Not thread-safe.
 */
final class ConfigurationWatch {

    private static final String UNREADABLE = "unreadable";

    private Configuration configuration;
    private String reportedStamp;
    private String lastStamp;

    ConfigurationWatch(Configuration configuration) {
        this.configuration = configuration;
        this.reportedStamp = stamp();
        this.lastStamp = reportedStamp;
    }

    /** Watches {@code next} from now on. {@code stamp} is the state of its files when they were read. */
    void follow(Configuration next, String stamp) {
        boolean same = files(next).equals(files(configuration));
        configuration = next;
        reportedStamp = same ? stamp : stamp();
        lastStamp = reportedStamp;
    }

    /** Whether a file has changed since the last reload or report, and no file since the last check. Reports each change once. */
    boolean hasChanged() {
        String now = stamp();
        boolean isStable = now.equals(lastStamp);
        lastStamp = now;
        if (!isStable || now.equals(reportedStamp)) {
            return false;
        }
        reportedStamp = now;
        return true;
    }

    /** All files and folders that are read when the configuration becomes active. A folder includes the files in it. */
    private static Set<Path> files(Configuration configuration) {
        Set<Path> all = new TreeSet<>(configuration.files());
        for (HostSettings host : configuration.hosts()) {
            all.addAll(host.routes());
        }
        all.addAll(configuration.namedFiles());
        configuration.ports().forEach(port -> all.addAll(port.files().keySet()));
        return all;
    }

    /** The current state of all files. */
    String stamp() {
        Map<String, String> stamps = new TreeMap<>();
        for (FilePattern pattern : configuration.patterns()) {
            stamps.put(pattern.toString(), matches(pattern));
        }
        for (Path file : files(configuration)) {
            stamps.put(file.toString(), stamp(file));
        }
        return stamps.toString();
    }

    private static String matches(FilePattern pattern) {
        try {
            return pattern.files().toString();
        } catch (IOException e) {
            return UNREADABLE;
        }
    }

    private static String stamp(Path file) {
        try {
            if (!Files.isDirectory(file)) {
                return stampOfFile(file);
            }
            List<Path> inside;
            try (Stream<Path> files = Files.list(file)) {
                inside = files.filter(Files::isRegularFile).sorted().toList();
            }
            StringBuilder all = new StringBuilder(file.toRealPath().toString());
            for (Path each : inside) {
                all.append(' ').append(each.getFileName()).append(stampOfFile(each));
            }
            return all.toString();
        } catch (IOException e) {
            return UNREADABLE;
        }
    }

    /** Includes the real path: a changed link may lead to a file of the same age and size. */
    private static String stampOfFile(Path file) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return String.join(
                "/",
                found.lastModifiedTime().toString(),
                String.valueOf(found.size()),
                String.valueOf(found.fileKey()),
                file.toRealPath().toString());
    }
}
