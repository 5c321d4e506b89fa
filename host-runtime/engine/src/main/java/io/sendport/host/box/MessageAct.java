package io.sendport.host.box;

import static io.sendport.host.box.MessageState.IN_DOUBT;
import static io.sendport.host.box.MessageState.RETRYING;
import static io.sendport.host.box.MessageState.SUSPENDED;
import static io.sendport.host.box.MessageState.WAITING;

import io.sendport.host.ledger.Kind;
import io.sendport.support.text.Text;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What may be done to a message: from which states, and to which. This table is the only place that says so. Changes are checked by it, refusals
 * are worded by it, and docs/states.md is compared with it.
 */
public enum MessageAct {
    /** Keeps it from being sent until somebody resumes it. */
    SUSPEND(Kind.SUSPENDED, Target.SUSPENDED, "only what waits can be suspended", from(WAITING), from(RETRYING)),

    /** Tries it at once, with all retries before it and over the first transport; those who refused it are asked again. */
    RESUME(
            Kind.RESUMED,
            Target.QUEUED,
            "only what is suspended, in doubt or retrying can be resumed",
            from(SUSPENDED, Condition.RESUMABLE),
            from(IN_DOUBT, Condition.RESUMABLE),
            from(RETRYING)),

    /** As {@link #RESUME}, and tries it once though its port is stopped, or the port keeps the order and earlier messages still wait. */
    FORCE(
            Kind.RESUMED,
            Target.QUEUED,
            "only what has not ended and is not being sent can be forced",
            from(SUSPENDED, Condition.RESUMABLE),
            from(IN_DOUBT, Condition.RESUMABLE),
            from(RETRYING),
            from(WAITING)),

    /** As {@link #RESUME}, and runs the pipeline again first. */
    REASSEMBLE(
            Kind.RESUMED,
            Target.QUEUED,
            "only what is suspended or retrying, and what nobody has or may have, can be assembled again",
            from(SUSPENDED, Condition.UNSEEN),
            from(RETRYING, Condition.UNSEEN)),

    /** Ends it; it is never sent. */
    TERMINATE(
            Kind.TERMINATED,
            Target.TERMINATED,
            "it is being sent, or has ended",
            from(WAITING),
            from(RETRYING),
            from(SUSPENDED),
            from(IN_DOUBT)),

    /** Ends it, since copies went to the ports that subscribe to failures. Sendport does this by itself. */
    ROUTE(Kind.TERMINATED, Target.TERMINATED, "an operator has already acted on it", from(SUSPENDED)),

    /** Ends it, since somebody found that it had arrived. */
    RESOLVE(
            Kind.RESOLVED,
            Target.DONE,
            "only what is in doubt can be resolved",
            from(IN_DOUBT),
            from(SUSPENDED, Condition.DOUBTFUL));

    /** What must hold of a message beside its state. */
    public enum Condition {
        /** Nothing. */
        NONE(""),
        /** A person may let it go on: what it was made of is still there. */
        RESUMABLE("if its content is still there"),
        /** As before, and nobody has it, or may have it. */
        UNSEEN("if its content is still there, and nobody has it or may have it"),
        /** A recipient of it may have it. */
        DOUBTFUL("if a recipient may have it");

        private final String words;

        Condition(String words) {
            this.words = words;
        }

        /** For people; empty when nothing must hold. */
        public String words() {
            return words;
        }
    }

    /** Where an act leads. */
    public enum Target {
        /** {@link MessageState#SUSPENDED}. */
        SUSPENDED(MessageState.SUSPENDED),
        /** {@link MessageState#WAITING} before the first attempt, {@link MessageState#RETRYING} after it. */
        QUEUED(WAITING, RETRYING),
        /** {@link MessageState#TERMINATED}. */
        TERMINATED(MessageState.TERMINATED),
        /** {@link MessageState#DONE}. */
        DONE(MessageState.DONE);

        @SuppressWarnings("ImmutableEnumChecker") // nobody can change it
        private final Set<MessageState> states;

        Target(MessageState... states) {
            this.states = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(states)));
        }

        /** The states that a message may then have. */
        public Set<MessageState> states() {
            return states;
        }

        MessageState of(MessageRow row) {
            return this == QUEUED
                    ? row.attempts() == 0 ? WAITING : RETRYING
                    : states.iterator().next();
        }

        boolean isEnd() {
            return states.stream().allMatch(MessageState::isEnd);
        }
    }

    /**
     * Where an act begins.
     *
     * @param state the message's
     * @param condition what else must hold
     */
    public record Source(MessageState state, Condition condition) {}

    private final Kind kind;
    private final Target target;
    private final String otherwise;

    @SuppressWarnings("ImmutableEnumChecker") // nobody can change it
    private final List<Source> sources;

    MessageAct(Kind kind, Target target, String otherwise, Source... sources) {
        this.kind = kind;
        this.target = target;
        this.otherwise = otherwise;
        this.sources = List.of(sources);
    }

    private static Source from(MessageState state) {
        return from(state, Condition.NONE);
    }

    private static Source from(MessageState state, Condition condition) {
        return new Source(state, condition);
    }

    /**
     * What is done to resume a message, in this order.
     *
     * @param reassemble whether the pipeline runs again first
     * @param force whether it is tried though its port is stopped, or others come first
     */
    public static List<MessageAct> resuming(boolean reassemble, boolean force) {
        if (reassemble) {
            return force ? List.of(REASSEMBLE, FORCE) : List.of(REASSEMBLE);
        }
        return List.of(force ? FORCE : RESUME);
    }

    /** The act as users write it. */
    public String word() {
        return Text.word(this);
    }

    /** The verb of the command that does it: {@code resume} also for what resumes in a special way. */
    public String verb() {
        return this == REASSEMBLE || this == FORCE ? RESUME.word() : word();
    }

    /** Where it can begin. */
    public List<Source> sources() {
        return sources;
    }

    /** Where it leads. */
    public Target target() {
        return target;
    }

    Kind kind() {
        return kind;
    }

    /** Why it is not done to what it can't be done to. */
    public String otherwise() {
        return otherwise;
    }

    /**
     * Whether it can be done to a message now.
     *
     * @param seen what is known of the message's recipients; asked only where the act depends on it
     */
    public boolean fits(MessageRow row, Supplier<Seen> seen) {
        return sources.stream().anyMatch(each -> each.state() == row.state() && holds(each.condition(), row, seen));
    }

    private static boolean holds(Condition condition, MessageRow row, Supplier<Seen> seen) {
        return switch (condition) {
            case NONE -> true;
            case RESUMABLE -> row.resumable();
            case UNSEEN -> row.resumable() && seen.get() == Seen.BY_NOBODY;
            case DOUBTFUL -> seen.get() == Seen.PERHAPS;
        };
    }

    /** Who has a message. */
    public enum Seen {
        /** No recipient. */
        BY_NOBODY,
        /** Of some recipient nobody knows, or did not know after an earlier attempt. */
        PERHAPS,
        /** Some recipient, and of no other it is unknown. */
        BY_SOMEBODY
    }
}
