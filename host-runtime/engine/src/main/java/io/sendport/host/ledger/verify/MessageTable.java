package io.sendport.host.ledger.verify;

import java.security.SecureRandom;
import java.util.function.LongConsumer;

/**
 * A summary of the records of each message, in about 70 bytes per message. The key of a message is a hash of its id with a random seed.
 * A collision is therefore very unlikely, and an attacker cannot cause one. Still, confirm each finding with the records themselves.
 * Not thread-safe.
 */
final class MessageTable {

    static final int ACCEPTED = 1;
    static final int RESOLVED = 1 << 1;
    static final int TERMINATED = 1 << 2;
    static final int CONSUMED = 1 << 3;
    static final int SUSPENDED = 1 << 4;
    static final int FIRST = 1 << 5;
    static final int HELD = 1 << 6;
    static final int ROW = 1 << 7;
    static final int END = ACCEPTED | RESOLVED | TERMINATED | CONSUMED;

    private static final double MAX_LOAD = 0.6;
    private static final int INITIAL_SIZE = 1 << 12;

    private final long seed = new SecureRandom().nextLong();
    private final long factor = new SecureRandom().nextLong() | 1;
    private long[] keys = new long[INITIAL_SIZE];
    private int[] counts = new int[INITIAL_SIZE];
    private int[] least = new int[INITIAL_SIZE];
    private int[] most = new int[INITIAL_SIZE];
    private int[] flags = new int[INITIAL_SIZE];
    private int[] heldAt = new int[INITIAL_SIZE];
    private long[] submitted = new long[INITIAL_SIZE];
    private long[] places = new long[INITIAL_SIZE];
    private int size;

    /** Returns the key of a message; never 0. */
    long key(String id) {
        long hash = hash(id);
        return hash == 0 ? 1 : hash;
    }

    /** Returns a seeded hash of a text. */
    long hash(String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * factor;
            hash ^= hash >>> 29;
        }
        hash = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
        return hash ^ (hash >>> 29);
    }

    int size() {
        return size;
    }

    /** Returns the index of a message's entry; negative if it has none. */
    int find(long key) {
        int at = start(key, keys.length);
        while (keys[at] != 0) {
            if (keys[at] == key) {
                return at;
            }
            at = (at + 1) & (keys.length - 1);
        }
        return -1;
    }

    /** Adds a record with that step. Returns the index of the message's entry. */
    int add(long key, long step) {
        int at = find(key);
        if (at < 0) {
            if (size >= keys.length * MAX_LOAD) {
                grow();
            }
            at = start(key, keys.length);
            while (keys[at] != 0) {
                at = (at + 1) & (keys.length - 1);
            }
            keys[at] = key;
            least[at] = Integer.MAX_VALUE;
            size++;
        }
        int capped = (int) Math.min(Integer.MAX_VALUE, step);
        counts[at]++;
        least[at] = Math.min(least[at], capped);
        most[at] = Math.max(most[at], capped);
        return at;
    }

    void set(int at, int flag) {
        flags[at] |= flag;
    }

    boolean has(int at, int flag) {
        return (flags[at] & flag) != 0;
    }

    /** Adds that the message was put on hold or released at that step. The greatest step decides. */
    void hold(int at, long step, boolean held) {
        if (step >= heldAt[at]) {
            heldAt[at] = (int) Math.min(Integer.MAX_VALUE, step);
            flags[at] = held ? flags[at] | HELD : flags[at] & ~HELD;
        }
    }

    /** Adds the hashes of the content and of the place of the first record. */
    void submit(int at, long content, long place) {
        submitted[at] = content;
        places[at] = place;
    }

    long submitted(int at) {
        return submitted[at];
    }

    long place(int at) {
        return places[at];
    }

    int count(int at) {
        return counts[at];
    }

    /** Returns whether the steps have no gap and no duplicate. */
    boolean isConsecutive(int at, boolean fromOne) {
        return counts[at] == most[at] - least[at] + 1 && (!fromOne || least[at] == 1);
    }

    /** Passes the index of each entry. */
    void each(LongConsumer consumer) {
        for (int at = 0; at < keys.length; at++) {
            if (keys[at] != 0) {
                consumer.accept(at);
            }
        }
    }

    long keyAt(int at) {
        return keys[at];
    }

    private static int start(long key, int length) {
        return (int) (key >>> 20) & (length - 1);
    }

    private void grow() {
        MessageTable larger = new MessageTable();
        int length = keys.length * 2;
        larger.keys = new long[length];
        larger.counts = new int[length];
        larger.least = new int[length];
        larger.most = new int[length];
        larger.flags = new int[length];
        larger.heldAt = new int[length];
        larger.submitted = new long[length];
        larger.places = new long[length];
        each(from -> larger.insert(this, (int) from));
        keys = larger.keys;
        counts = larger.counts;
        least = larger.least;
        most = larger.most;
        flags = larger.flags;
        heldAt = larger.heldAt;
        submitted = larger.submitted;
        places = larger.places;
    }

    private void insert(MessageTable from, int at) {
        int to = start(from.keys[at], keys.length);
        while (keys[to] != 0) {
            to = (to + 1) & (keys.length - 1);
        }
        keys[to] = from.keys[at];
        counts[to] = from.counts[at];
        least[to] = from.least[at];
        most[to] = from.most[at];
        flags[to] = from.flags[at];
        heldAt[to] = from.heldAt[at];
        submitted[to] = from.submitted[at];
        places[to] = from.places[at];
    }
}
