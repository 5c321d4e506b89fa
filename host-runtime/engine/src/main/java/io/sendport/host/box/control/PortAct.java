package io.sendport.host.box.control;

import io.sendport.config.port.PortState;
import io.sendport.support.text.Text;
import java.util.Set;

/** The acts on send ports: the states in which each is allowed, and the state that it leads to. This table is the only source. */
public enum PortAct {
    /** Makes the port take and send messages; an unenlisted port is enlisted first. */
    START(PortState.STARTED, PortState.UNENLISTED, PortState.STOPPED),
    /** Makes the port take messages and send none. */
    STOP(PortState.STOPPED, PortState.STARTED),
    /** Makes an unenlisted port take messages again. */
    ENLIST(PortState.STOPPED, PortState.UNENLISTED),
    /** Makes the port take no messages. */
    UNENLIST(PortState.UNENLISTED, PortState.STARTED, PortState.STOPPED);

    private final PortState target;

    @SuppressWarnings("ImmutableEnumChecker") // it is never modified
    private final Set<PortState> sources;

    PortAct(PortState target, PortState... sources) {
        this.target = target;
        this.sources = Set.of(sources);
    }

    /** The act as users write it. */
    public String word() {
        return Text.word(this);
    }

    /** The states in which it is allowed. */
    public Set<PortState> sources() {
        return sources;
    }

    /** Its target state. */
    public PortState target() {
        return target;
    }
}
