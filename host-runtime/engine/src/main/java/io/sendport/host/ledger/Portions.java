package io.sendport.host.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Splits values into lists short enough to bind in one statement. */
public final class Portions {

    private Portions() {}

    /** Returns all values in their order, in lists of at most {@code maxSize} values. No list is empty. */
    public static <T> List<List<T>> of(Collection<T> values, int maxSize) {
        List<T> all = List.copyOf(values);
        List<List<T>> portions = new ArrayList<>();
        for (int i = 0; i < all.size(); i += maxSize) {
            portions.add(all.subList(i, Math.min(all.size(), i + maxSize)));
        }
        return portions;
    }
}
