package io.sendport.host.box.control;

import io.sendport.config.port.PortState;
import io.sendport.support.text.Text;
import java.util.Set;

/** What may be done to a send port: from which states, and to which. This table is the only place that says so. */
public enum PortAct {
    /** It sends; an unenlisted port is enlisted first. */
    START(PortState.STARTED, PortState.UNENLISTED, PortState.STOPPED),
    /** It takes messages and sends none. */
    STOP(PortState.STOPPED, PortState.STARTED),
    /** It takes messages again. */
    ENLIST(PortState.STOPPED, PortState.UNENLISTED),
    /** It takes no messages. */
    UNENLIST(PortState.UNENLISTED, PortState.STARTED, PortState.STOPPED);

    private final PortState target;

    @SuppressWarnings("ImmutableEnumChecker") // nobody can change it
    private final Set<PortState> sources;

    PortAct(PortState target, PortState... sources) {
        this.target = target;
        this.sources = Set.of(sources);
    }

    /** The act as users write it. */
    public String word() {
        return Text.word(this);
    }

    /** The states in which it can be done. */
    public Set<PortState> sources() {
        return sources;
    }

    /** The state to which it leads. */
    public PortState target() {
        return target;
    }
}
