package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.Deep;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** While records are added and indexed, a search finds everything that was committed before it began. */
@Timeout(1_800)
abstract class SearchUnderLoadContract {

    private static final int RECORDERS = 2;
    private static final int RECORDS = Deep.times(2_000, 100_000);

    @TempDir
    private Path folder;

    /** A message box that isn't there yet. */
    abstract MessageBoxSettings settings(Path place);

    private static String address(int number) {
        return "r" + number + "@customer.example";
    }

    private static void record(MessageBox box, int number) {
        box.store().change(transaction -> box.ledger()
                .append(
                        transaction,
                        Entry.of(Kind.CONFIG_LOADED)
                                .detail("recipients", List.of(Map.of("address", address(number))))
                                .detail("properties", Map.of("Order", "o" + number))));
    }

    private static AuditFilter by(List<String> recipient, Map<String, String> properties) {
        return new AuditFilter(
                Map.of(),
                List.of(),
                recipient,
                properties,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    private static long count(MessageBox box, AuditFilter filter) {
        List<AuditRecord> found = new ArrayList<>();
        box.ledger().read(filter, found::add);
        return found.size();
    }

    @Test
    void findsWhatWasCommitted() throws Exception {
        MessageBoxSettings settings = settings(folder);
        SettableClock clock = new SettableClock();
        TestBox.open(settings, clock).close();
        ConcurrentLinkedQueue<Integer> committed = new ConcurrentLinkedQueue<>();
        List<String> missing = new CopyOnWriteArrayList<>();
        AtomicBoolean isOver = new AtomicBoolean();
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, clock);
                MessageBox reading = MessageBox.open(settings, Access.READ, clock)) {
            List<Thread> recorders = new ArrayList<>();
            for (int i = 0; i < RECORDERS; i++) {
                int first = i;
                recorders.add(new Thread(() -> {
                    for (int n = first; n < RECORDS; n += RECORDERS) {
                        record(box, n);
                        committed.add(n);
                    }
                }));
            }
            Thread indexer = new Thread(() -> {
                while (!isOver.get()) {
                    box.ledger().index();
                }
            });
            recorders.forEach(Thread::start);
            indexer.start();
            Random random = new Random(1);
            List<Integer> known = new ArrayList<>();
            int searches = 0;
            while (recorders.stream().anyMatch(Thread::isAlive)) {
                for (Integer next = committed.poll(); next != null; next = committed.poll()) {
                    known.add(next);
                }
                if (known.isEmpty()) {
                    Thread.onSpinWait();
                    continue;
                }
                // The newest ones lie behind the mark of the index, or just before it.
                int back = random.nextInt(Math.min(known.size(), random.nextBoolean() ? 20 : known.size()));
                int number = known.get(known.size() - 1 - back);
                if (count(reading, by(List.of(address(number)), Map.of())) != 1) {
                    missing.add("recipient " + number + " of " + known.size());
                }
                searches++;
            }
            isOver.set(true);
            indexer.join();
            assertThat(missing).isEmpty();
            assertThat(searches).isGreaterThan(10);
            assertThat(count(reading, by(List.of(address(RECORDS - 1)), Map.of())))
                    .isEqualTo(1);
        }
    }
}
