package io.sendport.console.api;

import io.sendport.console.access.Role;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.host.operate.Operations;

/** Checks at which ports a caller has a role. The route has already checked that the caller has it at some port. */
final class Rights {

    private Rights() {}

    /** Refuses a caller who does not have {@code role} at {@code port}. */
    static void requireAt(Call call, Operations all, Role role, String port) {
        if (!call.caller().reach(role, all.routing()).covers(port)) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    call.caller().name() + " does not have the role " + role.word() + " at port \"" + port + "\"");
        }
    }

    /**
     * Refuses a caller who has {@code role} only at some ports.
     *
     * @param why the reason why the role is necessary at all ports
     */
    static void requireEverywhere(Call call, Operations all, Role role, String why) {
        if (!call.caller().reach(role, all.routing()).isEverywhere()) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    "this request needs the role " + role.word() + " at all ports, since " + why);
        }
    }
}
