package io.sendport.host.ledger.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.host.ledger.Hashing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MerkleTreeTest {

    private static List<String> hashes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Hashing.ofHeader("record " + i))
                .toList();
    }

    /** Node hashes by hand, as section 2.1 of RFC 6962 defines them: an odd record is not doubled. */
    @Test
    void joinsThreeRecordsAsTheStandardSays() throws Exception {
        List<String> three = hashes(3);
        byte[] left = sha256(1, sha256(0, hex(three.get(0))), sha256(0, hex(three.get(1))));
        byte[] root = sha256(1, left, sha256(0, hex(three.get(2))));

        assertThat(MerkleTree.of(three).root())
                .isEqualTo(java.util.HexFormat.of().formatHex(root));
    }

    private static byte[] hex(String text) {
        return java.util.HexFormat.of().parseHex(text);
    }

    private static byte[] sha256(int prefix, byte[]... parts) throws Exception {
        var digest = java.security.MessageDigest.getInstance("SHA-256");
        digest.update((byte) prefix);
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 31, 33, 100})
    void provesEachRecordOnlyAtItsOwnPosition(int size) {
        List<String> hashes = hashes(size);
        MerkleTree tree = MerkleTree.of(hashes);
        MerkleTree.Growing growing = new MerkleTree.Growing();
        hashes.forEach(growing::add);
        assertThat(growing.root()).isEqualTo(tree.root());
        for (int i = 0; i < size; i++) {
            List<String> path = tree.path(i);
            assertThat(path.size()).isLessThanOrEqualTo(Integer.SIZE - Integer.numberOfLeadingZeros(size));
            assertThat(MerkleTree.rootFrom(hashes.get(i), i, size, path)).isEqualTo(tree.root());
            assertThat(MerkleTree.rootFrom(Hashing.ofHeader("another"), i, size, path))
                    .isNotEqualTo(tree.root());
            if (size > 1) {
                int other = (i + 1) % size;
                assertThat(isProof(hashes.get(i), other, size, path, tree.root()))
                        .as("record %d of %d at place %d", i, size, other)
                        .isFalse();
            }
        }
    }

    private static boolean isProof(String hash, int index, int size, List<String> path, String root) {
        try {
            return MerkleTree.rootFrom(hash, index, size, path).equals(root);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void refusesAPathOfTheWrongLength() {
        List<String> hashes = hashes(9);
        List<String> path = new ArrayList<>(MerkleTree.of(hashes).path(3));
        assertThatThrownBy(() -> MerkleTree.rootFrom(hashes.get(3), 3, 9, path.subList(0, path.size() - 1)))
                .hasMessageContaining("too short");
        path.add(hashes.get(0));
        assertThatThrownBy(() -> MerkleTree.rootFrom(hashes.get(3), 3, 9, path)).hasMessageContaining("too long");
        assertThatThrownBy(() -> MerkleTree.rootFrom(hashes.get(3), 9, 9, path)).hasMessageContaining("index 9");
    }

    @Test
    void requiresAtLeastOneRecord() {
        assertThatThrownBy(() -> MerkleTree.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
