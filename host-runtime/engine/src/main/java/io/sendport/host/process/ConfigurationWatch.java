package io.sendport.host.process;

import io.sendport.config.Configuration;
import io.sendport.config.HostSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Notices that the files of a configuration were changed, by their time and size, and those of their folders. A change counts once it
 * has been still for a moment, so that a file is not read while it is being written.
 */
final class ConfigurationWatch {

    private Set<Path> files;
    private Set<Path> used;
    private String settled;
    private String last;

    ConfigurationWatch(Configuration configuration) {
        this.files = files(configuration);
        this.used = used(configuration);
        this.settled = stamp();
        this.last = settled;
    }

    /** From now on these files, as they were at {@code stamp} where they are the same ones. */
    void follow(Configuration configuration, String stamp) {
        Set<Path> now = files(configuration);
        boolean same = now.equals(files);
        files = now;
        used = used(configuration);
        settled = same ? stamp : stamp();
        last = settled;
    }

    /** Whether they differ from when they were last asked for, and have not changed since the last look. */
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

    /** Routes of feeds too, what ports are made with, and folders, in which an include may find one more file. */
    private static Set<Path> files(Configuration configuration) {
        Set<Path> files = new TreeSet<>(configuration.files());
        for (HostSettings host : configuration.hosts()) {
            files.addAll(host.routes());
        }
        Set<Path> all = new TreeSet<>(files);
        all.addAll(configuration.secretFiles());
        all.addAll(used(configuration));
        for (Path file : files) {
            Path folder = file.getParent();
            if (folder != null) {
                all.add(folder);
            }
        }
        return all;
    }

    /** The files of a folder that is written in place. */
    private static String inFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> file.getFileName() + "=" + file.toFile().lastModified() + "/"
                            + file.toFile().length())
                    .collect(Collectors.joining(","));
        }
    }

    /** What ports are made with. A folder among these counts with all that is in it. */
    private static Set<Path> used(Configuration configuration) {
        return configuration.ports().stream()
                .flatMap(port -> port.files().keySet().stream())
                .collect(Collectors.toSet());
    }

    /** What the files are like now. */
    String stamp() {
        TreeMap<Path, String> stamps = new TreeMap<>();
        for (Path file : files) {
            try {
                // The file's own place and number too: a link that was moved leads to one that may be as old and as
                // long.
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.put(
                        file,
                        String.join(
                                "/",
                                found.lastModifiedTime().toString(),
                                String.valueOf(found.isDirectory() ? 0 : found.size()),
                                String.valueOf(found.fileKey()),
                                file.toRealPath().toString(),
                                used.contains(file) && found.isDirectory() ? inFolder(file) : ""));
            } catch (IOException e) {
                stamps.put(file, "away");
            }
        }
        return stamps.toString();
    }
}
