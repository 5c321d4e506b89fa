package io.sendport.host.process;

import io.sendport.config.Configuration;
import io.sendport.config.HostSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Notices that the files of a configuration were changed, by their time and size, and those of their folders. A change counts once it
 * has been still for a moment, so that a file is not read while it is being written.
 */
final class ConfigurationWatch {

    private Set<Path> files;
    private String settled;
    private String last;

    ConfigurationWatch(Configuration configuration) {
        this.files = files(configuration);
        this.settled = stamp();
        this.last = settled;
    }

    /** From now on these files, as they were at {@code stamp} where they are the same ones. */
    void follow(Configuration configuration, String stamp) {
        Set<Path> now = files(configuration);
        boolean same = now.equals(files);
        files = now;
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

    /** Routes of feeds too, and folders, in which an include may find one more file. */
    private static Set<Path> files(Configuration configuration) {
        Set<Path> files = new TreeSet<>(configuration.files());
        for (HostSettings host : configuration.hosts()) {
            files.addAll(host.routes());
        }
        Set<Path> all = new TreeSet<>(files);
        for (Path file : files) {
            Path folder = file.getParent();
            if (folder != null) {
                all.add(folder);
            }
        }
        return all;
    }

    /** What the files are like now. */
    String stamp() {
        TreeMap<Path, String> stamps = new TreeMap<>();
        for (Path file : files) {
            try {
                stamps.put(
                        file,
                        Files.getLastModifiedTime(file).toMillis() + "/"
                                + (Files.isDirectory(file) ? 0 : Files.size(file)));
            } catch (IOException e) {
                stamps.put(file, "away");
            }
        }
        return stamps.toString();
    }
}
