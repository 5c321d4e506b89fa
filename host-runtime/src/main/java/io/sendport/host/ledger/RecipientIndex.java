package io.sendport.host.ledger;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Whether the index by recipient is whole: a search that misses records proves nothing. */
final class RecipientIndex {

    private long expected;

    void expect(int addresses) {
        expected += addresses;
    }

    Optional<String> fault(Handle handle) {
        long indexed = handle.createQuery(
                        "SELECT count(*) FROM audit_recipient a JOIN audit_lane l ON l.lane = a.lane AND a.seq > l.pruned_seq")
                .mapTo(Long.class)
                .one();
        return indexed == expected
                ? Optional.empty()
                : Optional.of("the search index holds " + indexed + " recipients, the records " + expected
                        + ": searches by recipient can't be trusted");
    }
}
