package io.sendport.api.outcome;

import io.sendport.support.text.Text;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The position of a consumer in the stream of outcomes: the last record read in each lane. Immutable.
 *
 * @param value {@code LANE:SEQ,LANE:SEQ,...}; opaque to consumers; empty only in {@link #BEGIN}
 */
public record OutcomePosition(String value) {

    /** Before the oldest outcome that retention kept. */
    public static final OutcomePosition BEGIN = new OutcomePosition("");

    /** After the newest outcome. Reading from here returns no outcomes, only the position to continue at. */
    public static final OutcomePosition NOW = new OutcomePosition("now");

    /** Possessive quantifiers, so that a long text cannot overflow the stack. */
    private static final String FORM = "(\\d{1,9}+:\\d{1,18}+(?:,\\d{1,9}+:\\d{1,18}+){0,2000}+)?";

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException when {@code value} is not a position
     */
    public OutcomePosition {
        if (!value.equals("now") && !value.matches(FORM)) {
            throw new IllegalArgumentException("\"" + Text.printable(value)
                    + "\" is not a position in the outcomes; use one that Sendport returned, or none, which reads from"
                    + " the oldest outcome that is kept");
        }
    }

    /** The sequence number of the last record read in {@code lane}; 0 when none was read. */
    public long seq(long lane) {
        return places().getOrDefault(lane, 0L);
    }

    /** This position with {@code seq} as the last record read in {@code lane}. */
    public OutcomePosition at(long lane, long seq) {
        TreeMap<Long, Long> places = places();
        places.put(lane, seq);
        return new OutcomePosition(places.entrySet().stream()
                .map(each -> each.getKey() + ":" + each.getValue())
                .collect(Collectors.joining(",")));
    }

    private TreeMap<Long, Long> places() {
        TreeMap<Long, Long> places = new TreeMap<>();
        if (!equals(NOW) && !equals(BEGIN)) {
            for (String each : value.split(",")) {
                int colon = each.indexOf(':');
                places.put(Long.parseLong(each.substring(0, colon)), Long.parseLong(each.substring(colon + 1)));
            }
        }
        return places;
    }

    @Override
    public String toString() {
        return value;
    }
}
