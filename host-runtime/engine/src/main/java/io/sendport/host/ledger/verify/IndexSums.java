package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Link;
import io.sendport.host.store.Store;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Compares the search indexes with the contents of records. Both sides sum up a hash of each entry, by ranges of records. The hash
 * has a random seed, so that nobody can choose entries whose sums agree. For one thread.
 */
final class IndexSums {

    private static final int STRETCH = 1_000;
    private static final int PAGE = 4_000;

    private final Seed seed = new Seed();
    private final Map<Stretch, Long> recipients = new HashMap<>();
    private final Map<Stretch, Long> properties = new HashMap<>();

    /** A range of consecutive records. */
    private record Stretch(long lane, long number) {

        static Stretch of(long lane, long seq) {
            return new Stretch(lane, seq / STRETCH);
        }

        @Override
        public String toString() {
            return lane + ":" + Math.max(1, number * STRETCH) + " to " + lane + ":" + (number * STRETCH + STRETCH - 1);
        }
    }

    /** Computes the hashes. Safe for use by several threads. */
    static final class Seed {
        private final byte[] random = new byte[32];

        Seed() {
            new SecureRandom().nextBytes(random);
        }

        long ofRecipient(String address, long lane, long seq) {
            return of(lane, seq, address);
        }

        long ofProperty(String name, String value, long lane, long seq) {
            return of(lane, seq, name, value);
        }

        private long of(long lane, long seq, String... texts) {
            MessageDigest digest = Hashing.shared();
            digest.update(random);
            digest.update(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(lane)
                    .putLong(seq)
                    .array());
            for (String text : texts) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                digest.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                digest.update(bytes);
            }
            return ByteBuffer.wrap(digest.digest()).getLong();
        }
    }

    Seed seed() {
        return seed;
    }

    /** Adds the entries that the index must have for a record. */
    void expect(Link link, long ofRecipients, long ofProperties) {
        Stretch stretch = Stretch.of(link.lane(), link.seq());
        if (ofRecipients != 0) {
            recipients.merge(stretch, ofRecipients, Long::sum);
        }
        if (ofProperties != 0) {
            properties.merge(stretch, ofProperties, Long::sum);
        }
    }

    /** Why the indexes of {@code store} do not contain the entries expected for the records within {@code extents}. */
    Optional<String> fault(Store store, List<Lane.Extent> extents) {
        Map<Long, Lane.Extent> within = new HashMap<>();
        extents.forEach(each -> within.put(each.head().lane(), each));
        new Recipients(store, within).subtract();
        new Properties(store, within).subtract();
        return first(recipients, "recipient").or(() -> first(properties, "property"));
    }

    private static Optional<String> first(Map<Stretch, Long> sums, String by) {
        TreeSet<String> wrong = new TreeSet<>();
        sums.forEach((stretch, sum) -> {
            if (sum != 0) {
                wrong.add(stretch.toString());
            }
        });
        return wrong.isEmpty()
                ? Optional.empty()
                : Optional.of("the search index by " + by + " does not match records " + wrong.first()
                        + ": searches by " + by + " are unreliable");
    }

    /** Subtracts every entry of an index from the expected sums, a page at a time. */
    private abstract static class Index<E> {
        private final Store store;
        private final Map<Long, Lane.Extent> within;

        Index(Store store, Map<Long, Lane.Extent> within) {
            this.store = store;
            this.within = within;
        }

        void subtract() {
            List<E> page = page(store, Optional.empty());
            while (!page.isEmpty()) {
                page.forEach(this::subtract);
                page = page(store, Optional.of(page.get(page.size() - 1)));
            }
        }

        boolean concerns(long lane, long seq) {
            Lane.Extent extent = within.get(lane);
            return extent != null
                    && seq > extent.begin().seq()
                    && seq <= extent.head().seq();
        }

        abstract List<E> page(Store from, Optional<E> after);

        abstract void subtract(E entry);
    }

    private record Recipient(String address, long lane, long seq) {}

    private final class Recipients extends Index<Recipient> {

        Recipients(Store store, Map<Long, Lane.Extent> within) {
            super(store, within);
        }

        @Override
        List<Recipient> page(Store from, Optional<Recipient> after) {
            String where = after.isPresent() ? " WHERE (address, lane, seq) > (:address, :lane, :seq)" : "";
            return from.read(handle -> {
                var query = handle.createQuery("SELECT address, lane, seq FROM audit_recipient" + where
                        + " ORDER BY address, lane, seq LIMIT " + PAGE);
                after.ifPresent(last -> query.bind("address", last.address())
                        .bind("lane", last.lane())
                        .bind("seq", last.seq()));
                return query.map((row, context) -> new Recipient(row.getString(1), row.getLong(2), row.getLong(3)))
                        .list();
            });
        }

        @Override
        void subtract(Recipient each) {
            if (concerns(each.lane(), each.seq())) {
                recipients.merge(
                        Stretch.of(each.lane(), each.seq()),
                        -seed.ofRecipient(each.address(), each.lane(), each.seq()),
                        Long::sum);
            }
        }
    }

    private record Property(String name, String value, long lane, long seq) {}

    private final class Properties extends Index<Property> {

        Properties(Store store, Map<Long, Lane.Extent> within) {
            super(store, within);
        }

        @Override
        List<Property> page(Store from, Optional<Property> after) {
            String where = after.isPresent() ? " WHERE (name, value, lane, seq) > (:name, :value, :lane, :seq)" : "";
            return from.read(handle -> {
                var query = handle.createQuery("SELECT name, value, lane, seq FROM audit_property" + where
                        + " ORDER BY name, value, lane, seq LIMIT " + PAGE);
                after.ifPresent(last -> query.bind("name", last.name())
                        .bind("value", last.value())
                        .bind("lane", last.lane())
                        .bind("seq", last.seq()));
                return query.map((row, context) ->
                                new Property(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)))
                        .list();
            });
        }

        @Override
        void subtract(Property each) {
            if (concerns(each.lane(), each.seq())) {
                properties.merge(
                        Stretch.of(each.lane(), each.seq()),
                        -seed.ofProperty(each.name(), each.value(), each.lane(), each.seq()),
                        Long::sum);
            }
        }
    }
}
