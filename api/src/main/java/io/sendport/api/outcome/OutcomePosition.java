package io.sendport.api.outcome;

import io.sendport.support.text.Text;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A place in the stream of outcomes, which a consumer keeps between two reads: in each lane of the ledger, the last record that was read. Immutable.
 *
 * @param value {@code LANE:SEQ,LANE:SEQ,...}, which a consumer need not understand; empty only in {@link #BEGIN}
 */
public record OutcomePosition(String value) {

    /** Before the oldest outcome that retention has kept. */
    public static final OutcomePosition BEGIN = new OutcomePosition("");

    /** After the newest outcome. Reading from here gives no outcomes, and the position to continue at. */
    public static final OutcomePosition NOW = new OutcomePosition("now");

    /** Possessive, so that a long text needs no stack. */
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

    /** The last record of this lane that was read; 0 when none was. */
    public long seq(long lane) {
        return places().getOrDefault(lane, 0L);
    }

    /** This position, moved in one lane to this record. */
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
