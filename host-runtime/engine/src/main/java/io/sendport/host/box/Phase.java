package io.sendport.host.box;

import io.sendport.support.Wildcard;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** The two phases of a message. Each has an index by port. */
enum Phase {
    /** Has not ended. */
    OPEN("ended_at IS NULL"),
    /** Has ended. */
    ENDED("ended_at IS NOT NULL");

    private final String sql;

    Phase(String sql) {
        this.sql = sql;
    }

    /** The phases of messages in one of these states; an empty set means any state. */
    static Set<Phase> of(Set<MessageState> states) {
        Set<Phase> phases = EnumSet.noneOf(Phase.class);
        (states.isEmpty() ? EnumSet.allOf(MessageState.class) : states)
                .forEach(state -> phases.add(state.isEnd() ? ENDED : OPEN));
        return phases;
    }

    /** The SQL condition on a message. */
    String sql() {
        return sql;
    }

    /** The names of the ports that have messages in this phase. Reads an index from port to port, not message by message. */
    Set<String> ports(Handle handle) {
        return new TreeSet<>(handle.createQuery("WITH RECURSIVE present(port) AS (SELECT min(port) FROM message WHERE "
                        + sql + " UNION ALL SELECT (SELECT min(m.port) FROM message m WHERE m." + sql
                        + " AND m.port > present.port) FROM present WHERE present.port IS NOT NULL)"
                        + " SELECT port FROM present WHERE port IS NOT NULL")
                .mapTo(String.class)
                .list());
    }

    /** The names of the ports that have messages of one of these phases. */
    static Set<String> ports(Handle handle, Set<Phase> phases) {
        Set<String> all = new TreeSet<>();
        phases.forEach(phase -> all.addAll(phase.ports(handle)));
        return all;
    }

    /** The names among {@link #ports(Handle, Set)} that match one of {@code patterns}; {@code *} matches any text. */
    static Set<String> ports(Handle handle, Set<Phase> phases, Collection<String> patterns) {
        Set<String> all = ports(handle, phases);
        Set<String> matching = new TreeSet<>();
        for (String each : patterns) {
            Pattern pattern = Wildcard.pattern(each);
            all.stream().filter(name -> pattern.matcher(name).matches()).forEach(matching::add);
        }
        return matching;
    }
}
