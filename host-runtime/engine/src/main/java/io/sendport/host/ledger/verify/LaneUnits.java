package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.StoredUnits;
import io.sendport.host.ledger.StoredUnits.Unit;
import io.sendport.host.store.Store;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** All rows and segments of a lane, a page at a time, so that cleanup of the store is not blocked. For one thread. */
final class LaneUnits implements Iterator<Unit> {

    private final Store store;
    private final Lane.Extent extent;
    private long begun = Long.MIN_VALUE;
    private Iterator<Unit> page = Collections.emptyIterator();
    private boolean over;

    LaneUnits(Store store, Lane.Extent extent) {
        this.store = store;
        this.extent = extent;
    }

    @Override
    public boolean hasNext() {
        if (!page.hasNext() && !over) {
            List<Unit> next = store.readOneMoment(handle -> StoredUnits.units(
                    handle,
                    extent.head().lane(),
                    extent.begin().seq(),
                    begun,
                    extent.head().seq(),
                    SearchColumns.SQL));
            over = next.isEmpty();
            if (!over) {
                begun = StoredUnits.first(next.get(next.size() - 1));
            }
            page = next.iterator();
        }
        return page.hasNext();
    }

    @Override
    public Unit next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.next();
    }
}
