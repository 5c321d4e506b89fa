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
 * Selects messages that meet all given criteria.
 *
 * @param ports names of ports, in which {@code *} matches any text; empty for all ports
 * @param application the port's application
 * @param states empty for all states
 * @param recipient the address of a recipient
 * @param properties promoted or submitted context properties
 * @param error text that the last error contains
 * @param relay the host name of a relay that was tried
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

    /** A copy of this filter for {@code others} as the ports; an empty set means any port. */
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
     * SQL for the state of message {@code m} as users see it. A queued message is scheduled while the service window of its port is
     * closed. The table does not store that state.
     */
    static final String SHOWN_STATE = "CASE WHEN m.queued = 1 AND m.port IN (SELECT w.port FROM port_state w"
            + " WHERE w.pause_kind = 'WINDOW') THEN 'SCHEDULED' ELSE m.state END";

    /** The condition of the partial index {@code message_undelivered}. A query must repeat it exactly to use the index. */
    static final String ENDED_UNDELIVERED = "state IN ('CONSUMED', 'TERMINATED')";

    /** The condition of the partial index {@code message_trouble}. A query must repeat it exactly to use the index. */
    static final String IN_TROUBLE = "state IN ('RETRYING', 'SUSPENDED', 'IN_DOUBT')";

    /** The states in {@link #IN_TROUBLE}. */
    private static final Set<MessageState> TROUBLE =
            Set.of(MessageState.RETRYING, MessageState.SUSPENDED, MessageState.IN_DOUBT);

    /** The states in {@link #ENDED_UNDELIVERED}. */
    private static final Set<MessageState> UNDELIVERED = Set.of(MessageState.CONSUMED, MessageState.TERMINATED);

    /**
     * The criteria of a filter, looked up in the database.
     *
     * @param ids the ids of the messages that name the recipient, as a JSON array; empty when the filter has no recipient
     * @param ports the names of the ports that match; empty for all ports
     * @param phases the phases of the states
     */
    record Resolved(Optional<String> ids, Optional<Set<String>> ports, Set<Phase> phases) {

        /**
         * Splits this into one part for each port and phase. An index has the messages of each part in their order. Empty when no ports are
         * given.
         */
        List<Resolved> byIndex() {
            return ports.orElse(Set.of()).stream()
                    .flatMap(port ->
                            phases.stream().map(phase -> new Resolved(ids, Optional.of(Set.of(port)), Set.of(phase))))
                    .toList();
        }
    }

    /** Looks up what {@link #sql} needs. */
    Resolved resolved(Handle handle) {
        return new Resolved(naming(handle), portNames(handle), Phase.of(states));
    }

    private Optional<Set<String>> portNames(Handle handle) {
        Set<Phase> phases = Phase.of(states);
        if (!ports.isEmpty()) {
            boolean isNamed = ports.stream().noneMatch(name -> name.contains("*"));
            return Optional.of(isNamed ? ports : Phase.ports(handle, phases, ports));
        }
        // Name the ports, so that an index finds the open messages: they may be few among many that have ended.
        return phases.contains(Phase.ENDED) || isByOwnIndex()
                ? Optional.empty()
                : Optional.of(Phase.ports(handle, phases));
    }

    /** Whether an index finds the messages by something other than their port. */
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

    /** Finds the messages that name the recipient. Only the ledger knows them. */
    private Optional<String> naming(Handle handle) {
        return recipient.map(address -> LookUp.messagesNaming(handle, List.of(address)).stream()
                .collect(Collectors.joining("\",\"", "[\"", "\"]"))
                .replace("[\"\"]", "[]"));
    }

    /**
     * The condition of this filter on the table {@code message m}, without its properties.
     *
     * @param values receives the values to bind
     * @param resolved the result of {@link #resolved(Handle)}
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
                            () -> new IllegalArgumentException("the messages of the recipient were not looked up")));
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

    /** The condition on the port. For several ports, or if another index is better, it hides the column from the index by port. */
    private String portCondition(Set<String> names, List<Object> values) {
        if (names.isEmpty()) {
            return "1 = 0";
        }
        values.addAll(names);
        String column = names.size() == 1 && !isByOwnIndex() ? "m.port" : "coalesce(m.port, '')";
        return column + " IN (" + String.join(", ", Collections.nCopies(names.size(), "?")) + ")";
    }

    /** Whether the properties of a message meet this filter. */
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

    /**
     * A LIKE pattern that matches any text with {@code text} in it. The escape character is an exclamation mark, because Jdbi's parser
     * treats a backslash as part of a literal.
     */
    static String containing(String text) {
        return "%" + text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }
}
