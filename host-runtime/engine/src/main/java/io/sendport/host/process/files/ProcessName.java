package io.sendport.host.process.files;

import io.sendport.host.box.control.Actor;
import java.util.UUID;

/** The name of a process, unique among all machines: machine, process id, and something for an id that is used again. */
public final class ProcessName {

    private ProcessName() {}

    /** A name for this process. */
    public static String create() {
        return Actor.machine() + "-" + ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, 4);
    }

    /** Whether the process with that name, one of this machine, may still run. */
    static boolean isRunning(String name) {
        String[] parts = name.split("-");
        try {
            return parts.length >= 2
                    && ProcessHandle.of(Long.parseLong(parts[parts.length - 2])).isPresent();
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
