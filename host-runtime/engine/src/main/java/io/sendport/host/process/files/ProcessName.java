package io.sendport.host.process.files;

import io.sendport.host.box.control.Actor;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The name of a process, unique among all machines: machine, process id, and a random part, because operating systems reuse process
 * ids.
 */
public final class ProcessName {

    /** In a container, a process and the one before it have the same id. */
    private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

    private ProcessName() {}

    /** A name for this process, which may use several. */
    public static String create() {
        String name = Actor.machine() + "-" + ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, 4);
        OWN.add(name);
        return name;
    }

    /** Whether the process with that name, one of this machine, may still run. */
    static boolean isRunning(String name) {
        String[] parts = name.split("-");
        try {
            if (parts.length < 2) {
                return false;
            }
            long pid = Long.parseLong(parts[parts.length - 2]);
            return pid == ProcessHandle.current().pid()
                    ? OWN.contains(name)
                    : ProcessHandle.of(pid).isPresent();
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
