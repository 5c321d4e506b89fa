package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.StoredUnits;
import io.sendport.host.ledger.StoredUnits.Unit;
import io.sendport.host.store.Store;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Iterates over all rows and segments of a lane. Reads page by page, so that cleanup of the store can continue. Not thread-safe. */
final class LaneUnits implements Iterator<Unit> {

    private final Store store;
    private final Lane.Extent extent;
    private long lastFirst = Long.MIN_VALUE;
    private Iterator<Unit> page = Collections.emptyIterator();
    private boolean finished;

    LaneUnits(Store store, Lane.Extent extent) {
        this.store = store;
        this.extent = extent;
    }

    @Override
    public boolean hasNext() {
        if (!page.hasNext() && !finished) {
            List<Unit> next = store.readSnapshot(handle -> StoredUnits.units(
                    handle,
                    extent.head().lane(),
                    extent.begin().seq(),
                    lastFirst,
                    extent.head().seq(),
                    SearchColumns.SQL));
            finished = next.isEmpty();
            if (!finished) {
                lastFirst = StoredUnits.first(next.get(next.size() - 1));
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
