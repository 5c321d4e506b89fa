package io.sendport.host.process.files;

import io.sendport.host.box.control.Actor;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names of processes, unique among all machines: machine name, process id, and a random part, because operating systems reuse process
 * ids. Safe for use by several threads.
 */
public final class ProcessName {

    /** The names of this process. In a container, a restarted process has the id of the process before it. */
    private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

    private ProcessName() {}

    /** Creates a name for this process. A process may have several names. */
    public static String create() {
        String name = Actor.machine() + "-" + ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, 4);
        OWN.add(name);
        return name;
    }

    /** Whether the process {@code name} of this machine may still run. False if {@code name} is malformed. */
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
