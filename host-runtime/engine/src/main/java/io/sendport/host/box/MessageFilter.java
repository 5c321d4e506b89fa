package io.sendport.host.box;

import io.sendport.host.ledger.LookUp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Selects messages; all given criteria must hold.
 *
 * @param ports names, {@code *} allowed; empty for all
 * @param application the port's application
 * @param states empty for all
 * @param recipient an address
 * @param properties promoted or submitted context properties
 * @param error text found in the last error
 * @param relay host of a relay that was tried
 * @param since time of submission, inclusive
 * @param until time of submission, exclusive
 * @param held whether only messages on hold are selected
 */
public record MessageFilter(
        Set<String> ports,
        Optional<String> application,
        Set<MessageState> states,
        Optional<String> recipient,
        Map<String, String> properties,
        Optional<String> error,
        Optional<String> relay,
        Optional<Instant> since,
        Optional<Instant> until,
        boolean held) {

    /** Selects all messages. */
    public static MessageFilter all() {
        return new MessageFilter(
                Set.of(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** Selects all messages in one of {@code states}; an empty set means any state. */
    public static MessageFilter in(Set<MessageState> states) {
        MessageFilter all = all();
        return new MessageFilter(
                all.ports(),
                all.application(),
                states,
                all.recipient(),
                all.properties(),
                all.error(),
                all.relay(),
                all.since(),
                all.until(),
                all.held());
    }

    /** This filter for messages of those ports only; an empty set means any port. */
    public MessageFilter of(Set<String> others) {
        return new MessageFilter(others, application, states, recipient, properties, error, relay, since, until, held);
    }

    /** Selects all messages that have not ended. */
    public static MessageFilter open() {
        return in(Arrays.stream(MessageState.values())
                .filter(state -> !state.isEnd())
                .collect(Collectors.toSet()));
    }

    /**
     * A waiting message {@code m} is shown as scheduled while the service window of its port is closed; the table does not store
     * that state.
     */
    static final String SHOWN_STATE = "CASE WHEN m.queued = 1 AND m.port IN (SELECT w.port FROM port_state w"
            + " WHERE w.pause_kind = 'WINDOW') THEN 'SCHEDULED' ELSE m.state END";

    /** The condition of the partial index {@code message_undelivered}. A query must repeat it exactly to use the index. */
    static final String ENDED_UNDELIVERED = "state IN ('CONSUMED', 'TERMINATED')";

    /** The condition of the partial index {@code message_trouble}. A query must repeat it exactly to use the index. */
    static final String IN_TROUBLE = "state IN ('RETRYING', 'SUSPENDED', 'IN_DOUBT')";

    /** The states in that condition. */
    private static final Set<MessageState> TROUBLE =
            Set.of(MessageState.RETRYING, MessageState.SUSPENDED, MessageState.IN_DOUBT);

    private static final Set<MessageState> UNDELIVERED = Set.of(MessageState.CONSUMED, MessageState.TERMINATED);

    /**
     * What the database says about the terms of a filter.
     *
     * @param ids the messages that name the recipient, as a JSON array; empty when the filter has no recipient
     * @param ports the names of the ports; empty for all
     * @param phases those of the states
     */
    record Resolved(Optional<String> ids, Optional<Set<String>> ports, Set<Phase> phases) {

        /**
         * One for each port and phase, so that an index has the messages of each in their order; empty for all ports.
         */
        List<Resolved> byIndex() {
            return ports.orElse(Set.of()).stream()
                    .flatMap(port ->
                            phases.stream().map(phase -> new Resolved(ids, Optional.of(Set.of(port)), Set.of(phase))))
                    .toList();
        }
    }

    /** Asks for what {@link #sql} needs. */
    Resolved resolved(Handle handle) {
        return new Resolved(naming(handle), portNames(handle), Phase.of(states));
    }

    private Optional<Set<String>> portNames(Handle handle) {
        Set<Phase> phases = Phase.of(states);
        if (!ports.isEmpty()) {
            boolean isNamed = ports.stream().noneMatch(name -> name.contains("*"));
            return Optional.of(isNamed ? ports : Phase.ports(handle, phases, ports));
        }
        // Open messages may be few among many that have ended.
        return phases.contains(Phase.ENDED) || isByOwnIndex()
                ? Optional.empty()
                : Optional.of(Phase.ports(handle, phases));
    }

    /** Whether an index finds its messages by something else than their port. */
    boolean isByOwnIndex() {
        return recipient.isPresent() || held || (!states.isEmpty() && (isIn(TROUBLE) || isIn(UNDELIVERED)));
    }

    private boolean isIn(Set<MessageState> those) {
        return those.containsAll(states);
    }

    /** Whether it selects all messages. */
    public boolean isEmpty() {
        return equals(all());
    }

    /** The ledger knows them, and no table of messages. */
    private Optional<String> naming(Handle handle) {
        return recipient.map(address -> LookUp.messagesNaming(handle, List.of(address)).stream()
                .collect(Collectors.joining("\",\"", "[\"", "\"]"))
                .replace("[\"\"]", "[]"));
    }

    /**
     * The condition on {@code message m}.
     *
     * @param values receives its values
     * @param resolved the result of {@link #resolved}
     */
    String sql(List<Object> values, Resolved resolved) {
        List<String> conditions = new ArrayList<>();
        conditions.add("1 = 1");
        resolved.ports().ifPresent(names -> conditions.add(portCondition(names, values)));
        if (resolved.phases().size() == 1) {
            resolved.phases().forEach(phase -> conditions.add("m." + phase.sql()));
        }
        if (!states.isEmpty()) {
            Set<String> marks = new HashSet<>();
            List<String> questions = new ArrayList<>();
            for (MessageState state : states) {
                if (marks.add(state.name())) {
                    questions.add("?");
                    values.add(state.name());
                }
            }
            conditions.add(SHOWN_STATE + " IN (" + String.join(", ", questions) + ")");
            if (isIn(TROUBLE) || isIn(UNDELIVERED)) {
                conditions.add("m." + (isIn(TROUBLE) ? IN_TROUBLE : ENDED_UNDELIVERED));
                conditions.add("m.state IN ("
                        + states.stream().map(state -> "'" + state.name() + "'").collect(Collectors.joining(", "))
                        + ")");
            }
        }
        like(application, "m.application = ?", value -> value, conditions, values);
        if (recipient.isPresent()) {
            conditions.add("m.id <among>");
            values.add(resolved.ids()
                    .orElseThrow(
                            () -> new IllegalArgumentException("the ledger was not asked who names the recipient")));
        }
        like(
                error,
                "lower(m.last_error) LIKE ? ESCAPE '!'",
                value -> containing(value.toLowerCase(Locale.ROOT)),
                conditions,
                values);
        like(
                relay,
                "EXISTS (SELECT 1 FROM (SELECT m.first_result AS result"
                        + " UNION ALL SELECT a.result FROM attempt a WHERE a.message_seq = m.seq) t"
                        + " WHERE t.result LIKE ? ESCAPE '!')",
                value -> containing("\"relay\":\"" + value),
                conditions,
                values);
        since.ifPresent(instant -> {
            conditions.add("m.submitted_at >= ?");
            values.add(instant.toEpochMilli());
        });
        until.ifPresent(instant -> {
            conditions.add("m.submitted_at < ?");
            values.add(instant.toEpochMilli());
        });
        if (held) {
            conditions.add("m.held = 1");
        }
        return String.join(" AND ", conditions);
    }

    /** Written so that a database uses an index by port only where that is the best one. */
    private String portCondition(Set<String> names, List<Object> values) {
        if (names.isEmpty()) {
            return "1 = 0";
        }
        values.addAll(names);
        String column = names.size() == 1 && !isByOwnIndex() ? "m.port" : "coalesce(m.port, '')";
        return column + " IN (" + String.join(", ", Collections.nCopies(names.size(), "?")) + ")";
    }

    boolean accepts(io.sendport.api.message.Context context) {
        return properties.entrySet().stream().allMatch(each -> context.text(each.getKey())
                .filter(each.getValue()::equals)
                .isPresent());
    }

    private static void like(
            Optional<String> given,
            String condition,
            java.util.function.UnaryOperator<String> form,
            List<String> conditions,
            List<Object> values) {
        given.ifPresent(value -> {
            conditions.add(condition);
            values.add(form.apply(value));
        });
    }

    /** Escaped with an exclamation mark: a parser of our statements takes a backslash for part of a literal. */
    static String containing(String text) {
        return "%" + text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }
}
