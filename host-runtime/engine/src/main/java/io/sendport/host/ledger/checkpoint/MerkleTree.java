package io.sendport.host.ledger.checkpoint;

import io.sendport.host.ledger.Hashing;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/**
 * A Merkle tree over record hashes (RFC 6962, section 2.1). A leaf is SHA-256 of 0x00 and the 32 bytes of a record's hash. A
 * node is SHA-256 of 0x01 and its two children. A signed root proves each record under it with log2(n) hashes.
 */
public final class MerkleTree {

    private static final HexFormat HEX = HexFormat.of();

    /** The levels of the tree: the leaves first, the root last. An odd node at the end of a level moves up unchanged. */
    private final List<List<byte[]>> levels = new ArrayList<>();

    private MerkleTree(List<byte[]> leaves) {
        levels.add(leaves);
        List<byte[]> level = leaves;
        while (level.size() > 1) {
            List<byte[]> above = new ArrayList<>((level.size() + 1) / 2);
            for (int i = 0; i < level.size(); i += 2) {
                above.add(i + 1 < level.size() ? node(level.get(i), level.get(i + 1)) : level.get(i));
            }
            levels.add(above);
            level = above;
        }
    }

    /**
     * Builds a tree over at least one record.
     *
     * @param hashes the hashes of the records in their order, hex
     * @throws IllegalArgumentException when there is no hash, or one is not in hex
     */
    public static MerkleTree of(List<String> hashes) {
        if (hashes.isEmpty()) {
            throw new IllegalArgumentException("a Merkle tree needs at least one record");
        }
        return new MerkleTree(hashes.stream().map(MerkleTree::leaf).toList());
    }

    int size() {
        return levels.get(0).size();
    }

    /** Returns the root, hex. */
    public String root() {
        return HEX.formatHex(levels.get(levels.size() - 1).get(0));
    }

    /** Returns the audit path of the record at {@code index} (from 0): the hashes, hex, that lead from its leaf to the root. */
    public List<String> path(int index) {
        List<String> path = new ArrayList<>();
        int at = index;
        for (List<byte[]> level : levels.subList(0, levels.size() - 1)) {
            int sibling = at ^ 1;
            if (sibling < level.size()) {
                path.add(HEX.formatHex(level.get(sibling)));
            }
            at /= 2;
        }
        return path;
    }

    /**
     * Computes the root from a record and its audit path (RFC 9162, section 2.1.3.2).
     *
     * @param hash the hash of the record, hex
     * @param index the index of the record, from 0
     * @param size the number of records that the tree covers
     * @param path the result of {@link #path}
     * @return the root, hex
     * @throws IllegalArgumentException when the path has the wrong length for such a tree, or contains no hashes
     */
    public static String rootFrom(String hash, long index, long size, List<String> path) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("a tree of " + size + " records has no record with index " + index);
        }
        byte[] at = leaf(hash);
        int used = 0;
        long node = index;
        long last = size - 1;
        while (last > 0) {
            boolean isRight = node % 2 == 1;
            if (isRight || node < last) {
                if (used == path.size()) {
                    throw new IllegalArgumentException("the inclusion proof is too short");
                }
                byte[] sibling = HEX.parseHex(path.get(used++));
                at = isRight ? node(sibling, at) : node(at, sibling);
            }
            node /= 2;
            last /= 2;
        }
        if (used != path.size()) {
            throw new IllegalArgumentException("the inclusion proof is too long");
        }
        return HEX.formatHex(at);
    }

    /** Computes the root of records that are added one by one. Stores only log2(n) hashes. Not thread-safe. */
    public static final class Growing {
        /** Roots of complete subtrees, the largest first. */
        private final Deque<Subtree> subtrees = new ArrayDeque<>();

        /** A complete subtree. A class, because arrays in Java records have no useful equality. */
        private static final class Subtree {
            private final long size;
            private final byte[] root;

            Subtree(long size, byte[] root) {
                this.size = size;
                this.root = root;
            }
        }

        /** Adds the next record's hash, hex. */
        public void add(String hash) {
            Subtree next = new Subtree(1, leaf(hash));
            while (!subtrees.isEmpty() && subtrees.getLast().size == next.size) {
                Subtree left = subtrees.removeLast();
                next = new Subtree(left.size + next.size, node(left.root, next.root));
            }
            subtrees.addLast(next);
        }

        /** Returns the root, hex. Requires at least one record. */
        public String root() {
            Iterator<Subtree> fromTheSmallest = subtrees.descendingIterator();
            byte[] root = fromTheSmallest.next().root;
            while (fromTheSmallest.hasNext()) {
                root = node(fromTheSmallest.next().root, root);
            }
            return HEX.formatHex(root);
        }
    }

    private static byte[] leaf(String hash) {
        MessageDigest digest = Hashing.sha256();
        digest.update((byte) 0);
        return digest.digest(HEX.parseHex(hash));
    }

    private static byte[] node(byte[] left, byte[] right) {
        MessageDigest digest = Hashing.sha256();
        digest.update((byte) 1);
        digest.update(left);
        return digest.digest(right);
    }
}
