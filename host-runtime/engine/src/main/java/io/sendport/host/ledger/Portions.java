package io.sendport.host.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Splits values into lists short enough to bind in one statement. */
public final class Portions {

    private Portions() {}

    /** All values in their order, in lists of at most {@code most}; no list is empty. */
    public static <T> List<List<T>> of(Collection<T> values, int most) {
        List<T> all = List.copyOf(values);
        List<List<T>> portions = new ArrayList<>();
        for (int i = 0; i < all.size(); i += most) {
            portions.add(all.subList(i, Math.min(all.size(), i + most)));
        }
        return portions;
    }
}
