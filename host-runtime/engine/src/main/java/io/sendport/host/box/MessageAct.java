package io.sendport.host.box;

import static io.sendport.host.box.MessageState.IN_DOUBT;
import static io.sendport.host.box.MessageState.RETRYING;
import static io.sendport.host.box.MessageState.SUSPENDED;
import static io.sendport.host.box.MessageState.WAITING;

import io.sendport.host.ledger.Kind;
import io.sendport.support.text.Text;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The acts on messages: the states in which each is allowed, and the state that it leads to. This table is the only source: changes are
 * checked against it, refusals take their text from it, and a test compares it with docs/states.md.
 */
public enum MessageAct {
    /** Suspends the message: it is not sent until an operator resumes it. */
    SUSPEND(
            Kind.SUSPENDED,
            Target.SUSPENDED,
            "only a waiting or retrying message can be suspended",
            from(WAITING),
            from(RETRYING)),

    /**
     * Makes the message due at once over the primary transport, with all retries available again. Recipients that refused a suspended
     * message are tried again.
     */
    RESUME(
            Kind.RESUMED,
            Target.QUEUED,
            "only a suspended, in-doubt or retrying message can be resumed",
            from(SUSPENDED, Condition.RESUMABLE),
            from(IN_DOUBT, Condition.RESUMABLE),
            from(RETRYING)),

    /**
     * Like {@link #RESUME}, and sends the message once even if its port is stopped, or if the port keeps the order and earlier messages
     * still wait.
     */
    FORCE(
            Kind.RESUMED,
            Target.QUEUED,
            "only a message that has not ended and is not being sent can be forced",
            from(SUSPENDED, Condition.RESUMABLE),
            from(IN_DOUBT, Condition.RESUMABLE),
            from(RETRYING),
            from(WAITING)),

    /** Like {@link #RESUME}, but runs the pipeline again first. */
    REASSEMBLE(
            Kind.RESUMED,
            Target.QUEUED,
            "only a suspended or retrying message can be assembled again, and only if no recipient has it or may have it",
            from(SUSPENDED, Condition.UNSEEN),
            from(RETRYING, Condition.UNSEEN)),

    /** Ends the message; it is never sent. */
    TERMINATE(
            Kind.TERMINATED,
            Target.TERMINATED,
            "only a waiting, retrying, suspended or in-doubt message can be terminated",
            from(WAITING),
            from(RETRYING),
            from(SUSPENDED),
            from(IN_DOUBT)),

    /** Ends the message, because copies went to the ports that subscribe to failures. Only Sendport itself does this. */
    ROUTE(Kind.TERMINATED, Target.TERMINATED, "an operator has already acted on it", from(SUSPENDED)),

    /** Ends the message, because an operator found that it had arrived. */
    RESOLVE(
            Kind.RESOLVED,
            Target.DONE,
            "only a message in doubt can be resolved",
            from(IN_DOUBT),
            from(SUSPENDED, Condition.DOUBTFUL)),

    /** Keeps its content and rows from retention and erasure until an operator releases it. Does not affect whether it is sent. */
    HOLD(Kind.HELD, Target.UNCHANGED, "it is already on hold", fromAny(Condition.NOT_ON_HOLD)),

    /** Lets retention and erasure delete it again. */
    RELEASE(Kind.RELEASED, Target.UNCHANGED, "it is not on hold", fromAny(Condition.ON_HOLD));

    /** A condition on a message in addition to its state. */
    public enum Condition {
        /** No further condition. */
        NONE(""),
        /** An operator may resume it: it did not fail at an ordered port that has gone on to later messages. */
        RESUMABLE("if it is resumable"),
        /** An operator may resume it, and no recipient has it or may have it. */
        UNSEEN("if it is resumable, and no recipient has it or may have it"),
        /** A recipient may have it. */
        DOUBTFUL("if a recipient may have it"),
        /** It is not on hold. */
        NOT_ON_HOLD("if it is not on hold"),
        /** It is on hold. */
        ON_HOLD("if it is on hold");

        private final String words;

        Condition(String words) {
            this.words = words;
        }

        /** The condition for operators; empty when there is none. */
        public String words() {
            return words;
        }
    }

    /** The target state of an act. */
    public enum Target {
        /** {@link MessageState#SUSPENDED}. */
        SUSPENDED(MessageState.SUSPENDED),
        /** {@link MessageState#WAITING} before the first attempt, {@link MessageState#RETRYING} after it. */
        QUEUED(WAITING, RETRYING),
        /** {@link MessageState#TERMINATED}. */
        TERMINATED(MessageState.TERMINATED),
        /** {@link MessageState#DONE}. */
        DONE(MessageState.DONE),
        /** The state stays as it is. */
        UNCHANGED();

        @SuppressWarnings("ImmutableEnumChecker") // it is never modified
        private final Set<MessageState> states;

        Target(MessageState... states) {
            this.states = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(states)));
        }

        /** The states that a message may have afterwards. */
        public Set<MessageState> states() {
            return states;
        }

        MessageState of(MessageRow row) {
            if (this == UNCHANGED) {
                return row.state();
            }
            return this == QUEUED
                    ? row.attempts() == 0 ? WAITING : RETRYING
                    : states.iterator().next();
        }
    }

    /**
     * A state in which an act is allowed.
     *
     * @param state the message's state
     * @param condition the additional condition
     */
    public record Source(MessageState state, Condition condition) {}

    private final Kind kind;
    private final Target target;
    private final String refusal;

    @SuppressWarnings("ImmutableEnumChecker") // it is never modified
    private final List<Source> sources;

    MessageAct(Kind kind, Target target, String refusal, Source... sources) {
        this.kind = kind;
        this.target = target;
        this.refusal = refusal;
        this.sources = List.of(sources);
    }

    private static Source[] fromAny(Condition condition) {
        return Arrays.stream(MessageState.values())
                .filter(each -> each != MessageState.SCHEDULED)
                .map(each -> from(each, condition))
                .toArray(Source[]::new);
    }

    private static Source from(MessageState state) {
        return from(state, Condition.NONE);
    }

    private static Source from(MessageState state, Condition condition) {
        return new Source(state, condition);
    }

    /**
     * The acts that resume a message, in this order.
     *
     * @param reassemble whether the pipeline runs again first
     * @param force whether it is sent even if its port is stopped or other messages come first
     */
    public static List<MessageAct> resuming(boolean reassemble, boolean force) {
        if (reassemble) {
            return force ? List.of(REASSEMBLE, FORCE) : List.of(REASSEMBLE);
        }
        return List.of(force ? FORCE : RESUME);
    }

    /** What {@code acts}, performed one after the other, do to messages: sentences for a confirmation. */
    public static String effect(List<MessageAct> acts) {
        MessageAct last = acts.get(acts.size() - 1);
        return (acts.contains(REASSEMBLE) ? "The pipeline runs again. " : "")
                + switch (last) {
                    case SUSPEND -> "Suspended messages are not sent until they are resumed.";
                    case RESUME, REASSEMBLE -> "Resumed messages are sent if their ports are started.";
                    case FORCE -> "Each message is sent once now, even if its port is stopped.";
                    case TERMINATE -> "Recipients who have not received a terminated message will not receive it.";
                    case ROUTE -> "Ports with a matching subscription get copies.";
                    case RESOLVE -> "Resolved messages become done and are not sent again.";
                    case HOLD -> "Nothing deletes the content of held messages until they are released.";
                    case RELEASE -> "Retention and erasure may then delete the messages.";
                };
    }

    /** The act as users write it. */
    public String word() {
        return Text.word(this);
    }

    /** The command that performs it; {@code resume} also for {@link #FORCE} and {@link #REASSEMBLE}. */
    public String verb() {
        return this == REASSEMBLE || this == FORCE ? RESUME.word() : word();
    }

    /** The states in which it is allowed. */
    public List<Source> sources() {
        return sources;
    }

    /** Its target state. */
    public Target target() {
        return target;
    }

    /** Whether it concerns only how long a message is kept, so that it is allowed in every state. */
    public boolean isAboutKeeping() {
        return target == Target.UNCHANGED;
    }

    Kind kind() {
        return kind;
    }

    /** The text of the refusal when the act is not allowed. */
    public String refusal() {
        return refusal;
    }

    /**
     * Whether the act is allowed on a message now.
     *
     * @param seen which recipients have the message; called only if the act depends on it
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
            case NOT_ON_HOLD -> row.hold().isEmpty();
            case ON_HOLD -> row.hold().isPresent();
        };
    }

    /** Whether recipients have a message. */
    public enum Seen {
        /** No recipient has it. */
        BY_NOBODY,
        /** It is unknown whether some recipient has it, or it was unknown after an earlier attempt. */
        PERHAPS,
        /** Some recipient has it, and it is known which recipients do not. */
        BY_SOMEBODY
    }
}
