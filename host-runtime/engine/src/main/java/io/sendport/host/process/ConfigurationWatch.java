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
 * Detects changes of all files of a configuration: its own files, the files that they name, and new files that match a pattern. A
 * change counts once the files have been stable for a moment, so that no file is read while it is written. Other files in the same
 * folders are ignored.
 */
final class ConfigurationWatch {

    private static final String AWAY = "away";

    private Configuration configuration;
    private String settled;
    private String last;

    ConfigurationWatch(Configuration configuration) {
        this.configuration = configuration;
        this.settled = stamp();
        this.last = settled;
    }

    /** Watches this configuration from now on. {@code stamp} is the state of its files when they were read. */
    void follow(Configuration next, String stamp) {
        boolean same = files(next).equals(files(configuration));
        configuration = next;
        settled = same ? stamp : stamp();
        last = settled;
    }

    /** Whether anything has changed since the last reload, and is stable since the last check. */
    boolean hasChanged() {
        String now = stamp();
        boolean still = now.equals(last);
        last = now;
        if (!still || now.equals(settled)) {
            return false;
        }
        settled = now;
        return true;
    }

    /** Everything that is read when the configuration becomes active. A folder includes the files in it. */
    private static Set<Path> files(Configuration configuration) {
        Set<Path> all = new TreeSet<>(configuration.files());
        for (HostSettings host : configuration.hosts()) {
            all.addAll(host.routes());
        }
        all.addAll(configuration.namedFiles());
        configuration.ports().forEach(port -> all.addAll(port.files().keySet()));
        return all;
    }

    /** The present state of all files. */
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
            return AWAY;
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
            return AWAY;
        }
    }

    /** Includes the link target: a changed link may lead to a file of the same age and length. */
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
