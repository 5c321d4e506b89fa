package io.sendport.host.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the processes that have a file open, as far as the operating system shows them to this user. */
final class FileUsers {

    private static final Path PROCESSES = Path.of("/proc");

    private FileUsers() {}

    /** The other processes that have {@code file} open, such as {@code 4711 (java)}; empty if this user cannot see any. */
    static List<String> of(Path file) {
        List<String> users = new ArrayList<>();
        if (!Files.isDirectory(PROCESSES)) {
            return users;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            Path real = file.toRealPath();
            String own = String.valueOf(ProcessHandle.current().pid());
            for (Path process : processes) {
                String pid = String.valueOf(process.getFileName());
                if (!pid.equals(own) && hasOpen(process, real)) {
                    users.add(pid + " (" + name(process) + ")");
                }
            }
        } catch (IOException e) {
            // A process may end during the scan.
            return users;
        }
        return users;
    }

    private static boolean hasOpen(Path process, Path file) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).equals(file)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // Another user's process, or one that has ended.
            return false;
        }
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            return "ended";
        }
    }
}
